"""A scene set up: servers, proxies and load, each on its cores, warmed up, and measured one at a time."""
import contextlib
import os
import shutil
import signal
import tempfile
import time

import load
import machine
import processes
import proxies
from tables import FREE, ONE

MOST_SECONDS_TO_WARM_UP = 60


class Meter:
    """What a stretch of time has cost."""

    def __init__(self, proxy, servers, loader):
        self.proxy, self.servers, self.loader = [proxy], servers, [loader] if loader else []
        self.load_seconds = None

    def readings(self):
        return (time.monotonic(), machine.cpu_seconds(self.proxy), machine.cpu_seconds(self.servers),
                machine.cpu_seconds(self.loader), machine.busy_seconds())

    def start(self):
        self.before = self.readings()

    def stop(self):
        after = self.readings()
        self.resident = machine.resident_mib(self.proxy[0])
        self.seconds, self.proxy_seconds, self.server_seconds, loader, self.machine_seconds = (
            now - then for now, then in zip(after, self.before))
        if self.load_seconds is None:
            self.load_seconds = loader

    def result(self, requests, seconds):
        ours = self.proxy_seconds + self.server_seconds + self.load_seconds
        return {
            "requests": requests,
            "per_second": requests / seconds,
            "cpu_us": self.proxy_seconds * 1e6 / requests,
            "rss_mib": self.resident,
            # Shares of one core
            "busy": {"proxy": self.proxy_seconds / self.seconds, "servers": self.server_seconds / self.seconds,
                     "load": self.load_seconds / self.seconds},
            # What processes that do not belong to the measurement have used, in cores
            "strangers": max(0.0, (self.machine_seconds - ours) / self.seconds),
        }


class Cores:
    """Where each kind of process may run; None for anywhere."""

    def __init__(self, placement):
        usable = sorted(os.sched_getaffinity(0))
        first, second = usable[0], usable[min(1, len(usable) - 1)]
        self.proxy = None if placement == FREE else {second}
        self.others = None if placement == FREE else {second} if placement == ONE else {first}


def redis_server(port, directory):
    """The command that starts a Redis that keeps nothing."""
    return [machine.program("redis-server"), "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no",
            "--dir", directory, "--maxclients", "15000"]


class Lab(contextlib.AbstractContextManager):
    def __init__(self, scene, plan):
        self.scene = scene
        self.plan = plan
        self.cores = Cores(scene.placement)
        self.ports = processes.Ports()
        self.programs = contextlib.ExitStack()
        self.directory = tempfile.mkdtemp(prefix="cashew-bench-")

    def __enter__(self):
        try:
            self.servers = self.start_servers()
            self.loader = load.Loader(self.cores.others, self.directory)
            self.programs.callback(self.loader.program.stop)
            self.benchmark = load.RedisBenchmark(self.cores.others)
            self.pools, self.proxies = {}, {}
            for proxy in self.scene.present():
                self.start_proxy(proxy)
            for name, program in self.proxies.items():
                program.await_listening(self.pools[name].ports[-1])
            return self
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_):
        self.close()

    def close(self):
        # An impatient second interrupt must not leave processes behind.
        handlers = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
        self.programs.close()
        shutil.rmtree(self.directory, ignore_errors=True)
        for number, handler in handlers.items():
            signal.signal(number, handler)

    def started(self, name, command, cores, environment=None):
        program = processes.Program(name, command, cores, self.directory, environment)
        self.programs.callback(program.stop)
        return program

    def start_servers(self):
        servers = []
        for number in range(self.scene.servers):
            port = self.ports.free()
            if self.scene.protocol == "redis":
                command = redis_server(port, self.directory)
            else:
                command = [machine.program("memcached"), "-l", "127.0.0.1", "-p", str(port), "-U", "0", "-t", "1", "-m", "256",
                           "-c", "15000", *(["-u", "nobody"] if os.getuid() == 0 else [])]
            servers.append((port, self.started(f"server {number}", command, self.cores.others)))
        for port, server in servers:
            server.await_listening(port)
        return servers

    def start_proxy(self, proxy):
        pools = proxies.Pools(self.scene.protocol, [self.ports.free() for _ in range(self.scene.pools)],
                              [port for port, _ in self.servers], self.ports.free())
        self.pools[proxy.name] = pools
        self.proxies[proxy.name] = self.started(
            proxy.name, proxy.command(pools, self.directory), self.cores.proxy, proxy.environment())

    def warm_up(self, proxy, work):
        """What a JVM compiles it compiles now: requests with and without pipelining."""
        end = time.monotonic() + MOST_SECONDS_TO_WARM_UP
        for pipeline in (1, 16):
            general = type(work)(pipeline=pipeline)
            self.prepare(proxy, general)
            left = self.plan.warm_up // 2
            while left > 0 and time.monotonic() < end:
                self.run(proxy, general, {"requests": min(left, 50_000)})
                left -= 50_000

    def prepare(self, proxy, work):
        self.loader.fill(self.pools[proxy].ports, self.scene.protocol, work)

    def run(self, proxy, work, amount):
        """One measurement of one proxy."""
        tool = self.benchmark if work.public_tool and machine.program("redis-benchmark") else self.loader
        meter = Meter(self.proxies[proxy].pid, [server.pid for _, server in self.servers], tool.pid)
        done = tool.run(self.pools[proxy].ports, self.scene.protocol, work, amount, meter)
        return {**meter.result(done["requests"], done["seconds"]),
                **{name: done[name] for name in ("latency", "lateness") if name in done}}
