"""What asks: redis-benchmark where it can do the work, else our own Load.java."""
import csv
import io
import json
import os
import resource
import subprocess

import machine
import processes

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Load.java")


# redis-benchmark waits for ever when its connections are lost while it writes.
MOST_SECONDS = 120


class LoadFailed(Exception):
    """A request was not answered, or not answered rightly."""


class Loader:
    """Load.java as a process that is asked again and again, so that its own code is warm, too."""

    def __init__(self, cores, directory):
        home = machine.jdk()
        classes = os.path.join(machine.RESULTS, "classes")
        compiled = os.path.join(classes, "Load.class")
        if not os.path.exists(compiled) or os.path.getmtime(compiled) < os.path.getmtime(SOURCE):
            subprocess.run([os.path.join(home, "bin", "javac"), "-d", classes, SOURCE], check=True)
        self.program = processes.Program(
            "load", [os.path.join(home, "bin", "java"), "-XX:+UseSerialGC", "-Xms256m", "-Xmx2g", "-Xmn128m",
                     "-XX:MaxDirectMemorySize=2g", "-cp", classes, "Load"],
            cores, directory, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    @property
    def pid(self):
        return self.program.pid

    def fill(self, ports, protocol, work):
        """Writes every key that `work` will ask for."""
        self.tell(words(do="fill", port=ports[0], protocol=protocol, **work.keyspace()))
        self.answer()

    def run(self, ports, protocol, work, amount, meter):
        """Does `work` and returns what it was like; `meter` runs between the moment all clients are connected and the end."""
        self.tell(words(do=work.loop, port=",".join(map(str, ports)), protocol=protocol, clients=work.clients,
                        pipeline=work.pipeline, mget=work.mget, mix=work.mix, **work.keyspace(), **amount))
        self.answer()
        meter.start()
        self.tell("go")
        try:
            result = self.answer()
            meter.stop()
        finally:
            self.tell("done")
        return result

    def tell(self, line):
        self.program.process.stdin.write((line + "\n").encode())
        self.program.process.stdin.flush()

    def answer(self):
        line = self.program.process.stdout.readline()
        if not line:
            raise RuntimeError("the load generator has ended: " + self.program.last_words())
        answer = json.loads(line)
        if "error" in answer:
            raise LoadFailed(answer["error"])
        return answer


def words(**named):
    return " ".join(f"{name}={value}" for name, value in named.items())


class RedisBenchmark:
    """redis-benchmark, which ends at the first error. Its keys are those Load.java has filled."""

    pid = None

    def __init__(self, cores):
        self.cores = cores

    def run(self, ports, _, work, amount, meter):
        command = [machine.program("redis-benchmark"), "-h", "127.0.0.1", "-p", str(ports[0]), "--csv", "--precision", "3",
                   "-c", str(work.clients), "-P", str(work.pipeline), "-d", str(work.value),
                   "-r", str(work.keys)]
        if work.mget > 1:
            tests = 1
            command += ["-n", str(amount["requests"]), "mget"] + ["key:__rand_int__"] * work.mget
        else:
            tests = 2
            command += ["-n", str(max(1, amount["requests"] // tests)), "-t", "set,get"]
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        meter.start()
        try:
            run = subprocess.run(command, capture_output=True, text=True, start_new_session=True, timeout=MOST_SECONDS,
                                 preexec_fn=lambda: processes.prepare(self.cores))
        except subprocess.TimeoutExpired:
            raise LoadFailed(f"redis-benchmark has not ended after {MOST_SECONDS} seconds") from None
        meter.stop()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        meter.load_seconds = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
        # "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"
        lines = [line for line in csv.reader(io.StringIO(run.stdout)) if len(line) == 8 and line[1][:1].isdigit()]
        if run.returncode != 0 or len(lines) != tests:
            raise LoadFailed(f"redis-benchmark: {run.stdout[-300:]} {run.stderr[-300:]}")
        requests = max(1, amount["requests"] // tests)
        return {"requests": requests * tests, "seconds": sum(requests / float(line[1]) for line in lines)}
