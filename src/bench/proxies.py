"""The proxies that are compared: how each is told about its pools, and how it is started."""
import os

import machine


class Cashew:
    """The packaged application, with the flags it is shipped with."""

    name = "Cashew"
    protocols = ("redis", "memcache")
    loops = 1
    keys = ()

    @staticmethod
    def installed():
        return True

    def command(self, pools, directory):
        jar = os.path.join(machine.TARGET, "quarkus-app", "quarkus-run.jar")
        if not os.path.exists(jar):
            raise SystemExit("package Cashew first: ./mvnw package -DskipTests")
        java = os.path.join(machine.jdk(), "bin", "java")
        return [java, *self.flags(), "-jar", jar, "-c", nutcracker_file(self.name, pools, directory, self.keys)]

    def flags(self):
        return machine.jvm_flags()

    def environment(self):
        return {"CASHEW_WORKERS": str(self.loops), "QUARKUS_VERTX_EVENT_LOOPS_POOL_SIZE": str(self.loops),
                "QUARKUS_HTTP_PORT": "0", "QUARKUS_MANAGEMENT_PORT": "0", "CASHEW_STATISTICS_PORT": "0"}


class CashewTwice(Cashew):
    """The same with two event loops."""

    name = "Cashew, two loops"
    loops = 2


class CashewSlowLog(Cashew):
    """The same with a slow log in which nothing is written: what it costs to have one."""

    name = "Cashew, slow log"
    keys = ("slow_log_threshold: 10000",)


class CashewAccessLog(Cashew):
    """The same with an access log of a thousandth of all requests, written to a file."""

    name = "Cashew, access log"
    keys = ("access_log_every: 1000",)


class CashewUntrained(Cashew):
    """The same without the AOT cache, even if there is one."""

    name = "Cashew without AOT cache"

    def flags(self):
        return [flag for flag in super().flags() if "AOTCache" not in flag]


class Nutcracker:
    """twemproxy as Debian packages it. It always has one event loop."""

    name = "nutcracker"
    protocols = ("redis", "memcache")

    @staticmethod
    def installed():
        return machine.program("nutcracker") is not None

    def command(self, pools, directory):
        return [machine.program("nutcracker"), "-c", nutcracker_file(self.name, pools, directory), "-v", "4",
                "-o", os.path.join(directory, "nutcracker-own.log"), "-p", os.path.join(directory, "nutcracker.pid"),
                "-a", "127.0.0.1", "-s", str(pools.statistics_port)]

    def environment(self):
        return {}


class Predixy:
    """predixy with one thread. Its keys live elsewhere than twemproxy's; it speaks Redis only."""

    name = "predixy"
    protocols = ("redis",)

    @staticmethod
    def installed():
        return machine.program("predixy") is not None

    def command(self, pools, directory):
        if len(pools.ports) > 1:
            raise ValueError("predixy has one pool")
        groups = "".join(f"    Group server{number} {{\n        + 127.0.0.1:{port}\n    }}\n"
                         for number, port in enumerate(pools.servers))
        file = written(directory, "predixy.conf",
                       f"Bind 127.0.0.1:{pools.ports[0]}\nWorkerThreads 1\nClientTimeout 0\n"
                       "StandaloneServerPool {\n    Hash crc16\n    Distribution modula\n    MasterReadPriority 60\n"
                       "    RefreshMethod fixed\n    ServerTimeout 10\n    ServerFailureLimit 3\n    ServerRetryTimeout 2\n"
                       f"{groups}}}\n")
        return [machine.program("predixy"), file]

    def environment(self):
        return {}


class Pools:
    """What a proxy is to serve: equal pools on `ports`, each over all `servers`."""

    def __init__(self, protocol, ports, servers, statistics_port):
        self.protocol = protocol
        self.ports = ports
        self.servers = servers
        self.statistics_port = statistics_port


def nutcracker_file(name, pools, directory, keys=()):
    """Everything that costs is on: timeouts, and watching for servers that fail. `keys` are further lines of each pool."""
    text = []
    for number, port in enumerate(pools.ports):
        text += [f"pool{number}:", f"  listen: 127.0.0.1:{port}", "  hash: fnv1a_64", "  distribution: ketama",
                 f"  redis: {'true' if pools.protocol == 'redis' else 'false'}", "  timeout: 10000", "  backlog: 4096",
                 "  preconnect: true", "  auto_eject_hosts: true", "  server_retry_timeout: 2000",
                 "  server_failure_limit: 3", *(f"  {key}" for key in keys), "  servers:"]
        text += [f"   - 127.0.0.1:{server}:1 server{index}" for index, server in enumerate(pools.servers)]
    return written(directory, name.replace(", ", "-").replace(" ", "-") + ".yml", "\n".join(text) + "\n")


def written(directory, name, text):
    path = os.path.join(directory, name)
    with open(path, "w") as file:
        file.write(text)
    return path


NUTCRACKER = Nutcracker()
CASHEW = Cashew()
CASHEW_TWICE = CashewTwice()
CASHEW_SLOW_LOG = CashewSlowLog()
CASHEW_ACCESS_LOG = CashewAccessLog()
CASHEW_UNTRAINED = CashewUntrained()
PREDIXY = Predixy()
