"""What is measured: every table of docs/benchmarks.md, its rows, and what Cashew wants to reach."""
import dataclasses
from dataclasses import dataclass, field

import proxies

ONE, FREE, SPLIT = "one", "free", "split"
VALUES_IN_ALL = 64 * 1024 * 1024


@dataclass(frozen=True)
class Work:
    """What clients do. Sizes in bytes; `rate` in requests a second, for the open loop."""

    clients: int = 50
    pipeline: int = 1
    value: int = 64
    key: int = 16
    mget: int = 1
    mix: str = "both"
    rate: int = 0
    public_tool: bool = False

    @property
    def loop(self):
        return "open" if self.rate else "closed"

    @property
    def keys(self):
        """Many, as long as all their values together stay small."""
        return max(20, min(10_000, VALUES_IN_ALL // self.value))

    def keyspace(self):
        return {"keys": self.keys, "keyLength": self.key, "valueLength": self.value}

    def at(self, rate):
        return dataclasses.replace(self, rate=rate, public_tool=False)


@dataclass(frozen=True)
class Scene:
    """Which processes stand where."""

    placement: str
    protocol: str = "redis"
    servers: int = 3
    pools: int = 1
    proxies: tuple = (proxies.NUTCRACKER, proxies.CASHEW, proxies.PREDIXY)

    def present(self):
        return [proxy for proxy in self.proxies
                if proxy.installed() and self.protocol in proxy.protocols and (self.pools == 1 or proxy is not proxies.PREDIXY)]

    @property
    def label(self):
        return f"{self.placement} {self.protocol} {self.servers} {self.pools}"


@dataclass(frozen=True)
class Row:
    """One line of a table. `cpu` and `throughput` are wanted ratios to nutcracker; `point` is the place on a curve."""

    label: str
    scene: Scene
    work: Work
    cpu: float = None
    throughput: float = None
    point: float = None

    @property
    def key(self):
        return f"{self.label} / {self.scene.label}"


@dataclass(frozen=True)
class Table:
    """`kind` says how it is measured and shown: ratios, latency, or curve."""

    name: str
    title: str
    kind: str
    text: str
    rows: list = field(default_factory=list)
    axis: str = ""


def target():
    def rows(label, work, protocol="redis", **wanted):
        return [Row(label, Scene(placement, protocol), work, *ratios) for placement, ratios in wanted.items()]

    tool = {"public_tool": True}
    return Table(
        "target", "Against nutcracker", "ratios",
        "One event loop each, three servers, `GET` and `SET` in equal parts, everything on that a product needs: limits, "
        "timeouts, ejection, metrics.",
        rows("64 B, 50 clients", Work(**tool), one=(0.80, 1.10), free=(0.80, 1.10), split=(0.95, 1.00))
        + rows("64 B, pipeline 16", Work(pipeline=16, **tool), one=(0.48, 1.35), free=(0.55, 1.20), split=(0.83, 1.00))
        + rows("64 B, pipeline 64", Work(pipeline=64, **tool), one=(0.22, 2.2), free=(0.25, None), split=(0.40, None))
        + rows("64 B, 1,000 clients", Work(clients=1000, **tool), one=(0.82, 1.1), free=(0.85, None), split=(0.95, None))
        + rows("1 KB", Work(value=1024, **tool), one=(0.82, None))
        + rows("16 KB", Work(value=16 * 1024, **tool), one=(0.94, None))
        + rows("64 KB", Work(value=64 * 1024, **tool), one=(1.00, None))
        + rows("1 MB, 10 clients", Work(value=1024 * 1024, clients=10, **tool), one=(1.00, None))
        + rows("MGET of 10 keys", Work(mget=10, mix="get", **tool), one=(0.66, 1.12))
        + rows("MGET of 100 keys", Work(mget=100, mix="get", **tool), one=(0.42, 1.45))
        + rows("memcached, 64 B", Work(), "memcache", one=(0.82, None))
        + rows("memcached, pipeline 16", Work(pipeline=16), "memcache", one=(0.55, None)))


def two_loops():
    scene = Scene(FREE, proxies=(proxies.NUTCRACKER, proxies.CASHEW, proxies.CASHEW_TWICE))
    return Table(
        "loops", "Two event loops", "ratios",
        "nutcracker always has one. With two, Cashew should carry at least what it carries with one, and 1.2 times what "
        "nutcracker carries. With as many cores as there are event loops, servers and load compete with them.",
        [Row("64 B, 50 clients", scene, Work(public_tool=True), throughput=1.20),
         Row("64 B, pipeline 16", scene, Work(pipeline=16, public_tool=True), throughput=1.20)])


def logs():
    scene = Scene(ONE, proxies=(proxies.NUTCRACKER, proxies.CASHEW, proxies.CASHEW_SLOW_LOG, proxies.CASHEW_ACCESS_LOG))
    return Table(
        "logs", "Slow log and access log", "ratios",
        "What it costs to keep them, with nothing slow and a thousandth of all requests written.",
        [Row("64 B, 50 clients", scene, Work(public_tool=True)),
         Row("64 B, pipeline 16", scene, Work(pipeline=16, public_tool=True))])


def one_client():
    return Table(
        "one-client", "One client, one request at a time", "latency",
        "How long the way through the proxy is when nobody else is on it.",
        [Row("64 B, 1 client", Scene(SPLIT), Work(clients=1))])


def fixed_rate():
    return Table(
        "fixed-rate", "Latency at 20,000 requests a second", "latency",
        "50 clients, 64 B, below what any of the proxies can carry. Latency counts from the moment a request had to be sent.",
        [Row("20,000 a second", Scene(placement), Work(rate=20_000)) for placement in (FREE, SPLIT)])


def curve(name, title, axis, text, points, row):
    return Table(name, title, "curve", text, [dataclasses.replace(row(point), point=point) for point in points], axis)


def curves():
    def split(**more):
        return Scene(SPLIT, proxies=(proxies.NUTCRACKER, proxies.CASHEW), **more)

    def worked(unit, **fixed):
        return lambda point: Row(f"{point:,}", split(), Work(**{unit: point, **fixed}))

    return [
        curve("clients", "More clients", "clients", "64 B, no pipelining.",
              [1, 10, 100, 1000, 3000, 10_000], worked("clients")),
        curve("servers", "More servers", "servers",
              "50 clients, 64 B. Every server is a real one; all of them share one core with the load, so look at the proxies, "
              "not at how much is carried.",
              [1, 3, 10, 30, 100, 200], lambda point: Row(f"{point:,}", split(servers=point), Work())),
        curve("pools", "More pools", "pools",
              "Each over the same three servers, with a port and connections of its own; 200 clients spread over all of them.",
              [1, 3, 10, 30, 100], lambda point: Row(f"{point:,}", split(pools=point), Work(clients=200))),
        curve("keys", "Longer keys", "bytes of a key",
              "50 clients, 64 B values. Redis only: memcached's keys end at 250 bytes.",
              [8, 64, 250, 1024, 4096], worked("key")),
        curve("values", "Larger values", "bytes of a value", "20 clients.",
              [16, 128, 1024, 8 * 1024, 64 * 1024, 1024 * 1024], worked("value", clients=20)),
        curve("pipeline", "Deeper pipelines", "requests at once", "50 clients, 64 B.",
              [1, 4, 16, 64, 256], worked("pipeline")),
        curve("mget", "More keys in one MGET", "keys", "50 clients, 64 B, three servers. The cost is that of a whole MGET; a single key is asked for with GET.",
              [1, 10, 100, 1000], worked("mget", mix="get")),
    ]


def trial(table):
    """The same table with so few rows, servers and pools that everything is tried in a minute: of curves their beginning."""
    rows = {}
    for row in table.rows:
        # One placement is as good as another.
        rows.setdefault(row.label, row)
    return dataclasses.replace(table, rows=[
        dataclasses.replace(row, scene=dataclasses.replace(
            row.scene, placement=FREE, proxies=row.scene.proxies if table.kind == "ratios" else Scene.proxies))
        for row in list(rows.values())[:2 if table.kind == "curve" else None]])


ALL = [target(), two_loops(), logs(), one_client(), fixed_rate(), *curves()]
