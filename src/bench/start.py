"""How long a start takes, from exec to the first reply of a real Redis, and the memory of a proxy that has nothing to do."""
import contextlib
import json
import os
import resource
import socket
import statistics
import tempfile
import time

import lab
import machine
import processes
import proxies

NAME = "start"
SERVERS = 3
ASKED = b"*2\r\n$3\r\nGET\r\n$5\r\nstart\r\n"
ANSWER = b"$5\r\nready\r\n"


class Plan:
    """Every proxy is started `rounds` times, in turns; in the first `memory_rounds` it is left alone for `settle` seconds, its
    memory is read, and then again with each of `crowds` idle clients."""

    def __init__(self, rounds=10, memory_rounds=3, settle=5, crowds=(1_000, 10_000)):
        self.rounds = rounds
        self.memory_rounds = min(rounds, memory_rounds)
        self.settle = settle
        self.crowds = crowds


FULL = Plan()
QUICK = Plan(rounds=1, settle=0, crowds=(10, 20))


def present():
    """The proxies that can be compared here; with an AOT cache only if somebody has trained one."""
    with_cache = [proxies.CASHEW] if machine.is_trained() else []
    return [proxy for proxy in (proxies.CASHEW_UNTRAINED, *with_cache, proxies.NUTCRACKER) if proxy.installed()]


def measure(plan, results=machine.RESULTS):
    """Keeps in `results` what it finds, and returns it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    found = {"environment": machine.environment(), "crowds": plan.crowds, "rounds": [], "memory": []}
    with contextlib.ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="cashew-start-"))
        ports = processes.Ports()
        servers = [ports.free() for _ in range(SERVERS)]
        started = [processes.Program(f"server {port}", lab.redis_server(port, directory), None, directory) for port in servers]
        for port, server in zip(servers, started):
            stack.callback(server.stop)
            server.await_listening(port)
            say(port, b"SET start ready\r\n", b"+OK\r\n")
        for number in range(plan.rounds):
            measured, memory = {}, {}
            # Each time another one first, because what has just been used lies in the caches.
            turn = present()[number % len(present()):] + present()[:number % len(present())]
            for proxy in turn:
                pools = proxies.Pools("redis", [ports.free()], servers, ports.free())
                command = proxy.command(pools, directory)
                others = [os.getpid(), *(server.pid for server in started)]
                before, busy, ours = time.monotonic(), machine.busy_seconds(), machine.cpu_seconds(others)
                program = processes.Program(proxy.name, command, None, directory, proxy.environment())
                try:
                    await_reply(program, pools.ports[0])
                    seconds, cpu = time.monotonic() - before, machine.cpu_seconds([program.pid])
                    strangers = max(0.0, (machine.busy_seconds() - busy - cpu - machine.cpu_seconds(others) + ours) / seconds)
                    measured[proxy.name] = {"seconds": seconds, "cpu_seconds": cpu, "strangers": strangers}
                    if number < plan.memory_rounds:
                        memory[proxy.name] = footprints(program.pid, pools.ports[0], plan)
                finally:
                    program.stop()
            found["rounds"].append(measured)
            if memory:
                found["memory"].append(memory)
    os.makedirs(results, exist_ok=True)
    with open(os.path.join(results, NAME + ".json"), "w") as file:
        json.dump(found, file, indent=1)
    return found


def await_reply(program, port):
    end = time.monotonic() + processes.PATIENCE_SECONDS
    while True:
        with contextlib.suppress(OSError, UnexpectedAnswer):
            say(port, ASKED, ANSWER)
            return
        if program.process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"{program.name} does not answer on port {port}: {program.last_words()}")
        time.sleep(0.001)


def footprints(pid, port, plan):
    """Memory alone, then with every crowd. Each client has been answered once, so all it needs has been there."""
    with contextlib.ExitStack() as crowd:
        clients, seen = 0, []
        for size in (0, *plan.crowds):
            for _ in range(size - clients):
                client = crowd.enter_context(socket.create_connection(("127.0.0.1", port), 10))
                ask(client, ASKED, ANSWER)
            clients = size
            time.sleep(plan.settle)
            seen.append({"clients": size, "rss_mib": machine.resident_mib(pid), "pss_mib": machine.own_mib(pid)})
        return seen


class UnexpectedAnswer(Exception):
    """Not what a server would have said."""


def say(port, request, answer):
    with socket.create_connection(("127.0.0.1", port), 1) as client:
        ask(client, request, answer)


def ask(client, request, answer):
    client.settimeout(10)
    client.sendall(request)
    got = b""
    while len(got) < len(answer):
        more = client.recv(64)
        if not more:
            break
        got += more
    if got != answer:
        raise UnexpectedAnswer(got)


def of_every_round(measured, proxy, figure):
    return [figure(one[proxy]) for one in measured if proxy in one]


def memory(found, proxy, size, kind):
    """The median of one kind of memory with so many clients; None where it was not read."""
    seen = of_every_round(found["memory"], proxy, lambda read: next(one[kind] for one in read if one["clients"] == size))
    return statistics.median(seen) if seen else None
