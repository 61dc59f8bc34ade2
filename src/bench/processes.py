"""Programs that are started for a measurement: on which cores, how it is known that they are ready, how they end."""
import ctypes
import os
import resource
import signal
import socket
import subprocess
import time

PATIENCE_SECONDS = 90
PR_SET_PDEATHSIG = 1
PR_SET_TIMERSLACK = 29


class Program:
    """One process. It has a log, which is shown if the program does not do what it should."""

    def __init__(self, name, command, cores, directory, environment=None, **pipes):
        self.name = name
        self.log = os.path.join(directory, name.replace(" ", "-") + ".log")
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command, cwd=directory, env={**os.environ, **(environment or {})}, preexec_fn=lambda: prepare(cores),
                start_new_session=True, stderr=log, **{"stdin": subprocess.DEVNULL, "stdout": log, **pipes})

    @property
    def pid(self):
        return self.process.pid

    def await_listening(self, port):
        end = time.monotonic() + PATIENCE_SECONDS
        while not listens(port):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{self.name} does not listen on port {port}: {self.last_words()}")
            time.sleep(0.02)

    def last_words(self):
        with open(self.log, errors="replace") as log:
            return log.read()[-2000:]

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def prepare(cores):
    """Between fork and exec: the cores, as many descriptors as may be, and what only prctl can say."""
    if cores:
        os.sched_setaffinity(0, cores)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    libc = ctypes.CDLL(None)
    # Nobody outlives a bench that was killed.
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    # The kernel may let timers be 50 µs late to save wake-ups, which a load of 20,000 requests a second would feel.
    libc.prctl(PR_SET_TIMERSLACK, 1000, 0, 0, 0)


def listens(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False


class Ports:
    """Hands out ports of 127.0.0.1 that are free, below those the kernel takes for outgoing connections."""

    FIRST = 11000
    LAST = 31000

    def __init__(self):
        self.next = self.FIRST + os.getpid() * 211 % (self.LAST - self.FIRST)

    def free(self):
        for _ in range(self.LAST - self.FIRST):
            port = self.next
            self.next = port + 1 if port < self.LAST else self.FIRST
            with socket.socket() as attempt:
                try:
                    attempt.bind(("127.0.0.1", port))
                    return port
                except OSError:
                    continue
        raise RuntimeError("no free port")
