"""Measures a table, round by round, and keeps what it has after every round, so that it can be interrupted."""
import json
import os
import statistics
import sys
import time
from dataclasses import dataclass

import machine
from lab import Lab
from load import LoadFailed

# A round during which others used more than this many cores is done again, once.
MOST_STRANGERS = 0.10

# A proxy is rehearsed until the work costs it at most this much less than the time before.
STEADY = 0.03
MOST_REHEARSALS = 8


@dataclass(frozen=True)
class Plan:
    """How much is done. `seconds` is the aim for one measurement, `settle` the pause before it; `warm_up` counts requests
    for every proxy started; to `rehearse` is to do the work before it is measured, until it has become no cheaper."""

    rounds: int
    seconds: float
    warm_up: int
    settle: float = 0.2
    rehearse: bool = True


FULL = Plan(rounds=5, seconds=2.0, warm_up=400_000)


class Results:
    """What has been measured of one table, in a file."""

    def __init__(self, table, directory=machine.RESULTS):
        self.table = table
        self.path = os.path.join(directory, table.name + ".json")
        self.data = {"table": table.name, "environment": machine.environment(), "rows": {}}

    def load(self):
        """What an earlier run has left, whatever it was run on; None if nothing."""
        if not os.path.exists(self.path):
            return None
        with open(self.path) as file:
            self.data = json.load(file)
        return self

    def begin(self, plan):
        self.data["plan"] = vars(plan)
        return self

    def resume(self, plan):
        """Goes on where the same commit with the same plan was interrupted; begins anew otherwise."""
        fresh = self.begin(plan).data
        if self.load() and (self.data["plan"] != fresh["plan"] or self.data["environment"]["commit"] != fresh["environment"]["commit"]):
            self.data = fresh
        return self

    def row(self, row):
        return self.data["rows"].setdefault(row.key, {"rounds": [], "at_rate": []})

    def save(self):
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        with open(self.path + ".new", "w") as file:
            json.dump(self.data, file, indent=1)
        os.replace(self.path + ".new", self.path)


def progress(text):
    print(time.strftime("%H:%M:%S ") + text, file=sys.stderr, flush=True)


def measure(results, plan):
    """Measures what is missing in `results`, one for every table; rows in the same scene together. Returns what could not be
    measured and why; the rest is."""
    missing = [(kept, row) for kept in results for row in kept.table.rows if not complete(kept.table, plan, kept.row(row))]
    failures = []
    for scene in dict.fromkeys(row.scene for _, row in missing):
        here = [(kept, row) for kept, row in missing if row.scene == scene]
        while here:
            try:
                measure_scene(scene, here, plan)
            except (LoadFailed, RuntimeError, OSError) as failure:
                # The first one left is to blame. What is behind it gets new processes.
                kept, row = here.pop(0)
                failures.append(f"{kept.table.name}, {row.label} ({scene.placement}): {failure}")
                progress("not measured: " + failures[-1])
    return failures


def measure_scene(scene, rows, plan):
    """Sets up the scene and measures its rows, taking each out of `rows` when it is done."""
    progress(f"{', '.join(dict.fromkeys(kept.table.name for kept, _ in rows))}: starting {scene.servers} servers and "
             f"{' and '.join(proxy.name for proxy in scene.present())}; placement {scene.placement}")
    with Lab(scene, plan) as lab:
        for proxy in lab.proxies:
            progress(f"warming up {proxy}")
            lab.warm_up(proxy, rows[0][1].work)
        while rows:
            kept, row = rows[0]
            measure_row(kept.table, plan, lab, row, kept)
            del rows[0]


def complete(table, plan, kept):
    return len(kept["rounds"]) >= plan.rounds and (table.kind != "curve" or len(kept["at_rate"]) >= plan.rounds)


def measure_row(table, plan, lab, row, results):
    kept = results.row(row)
    for proxy in lab.proxies:
        try:
            lab.prepare(proxy, row.work)
        except LoadFailed as failure:
            # It will not find the keys, and its line will say so.
            progress(f"{proxy} cannot store values for {row.label}: {failure}")
    if "amount" not in kept:
        kept["amount"] = amount(plan, lab, row.work)
    repeat(table, plan, lab, row, row.work, kept["amount"], kept["rounds"], results)
    if table.kind == "curve":
        # Half of what the slowest can carry: there latency means something, and it is the same load for all.
        carried = [statistics.median(at) for at in carried_by(kept["rounds"]).values()]
        if carried:
            rate = kept.setdefault("rate", max(10, int(min(carried) / 2)))
            repeat(table, plan, lab, row, row.work.at(rate), {"rate": rate, "seconds": plan.seconds},
                   kept["at_rate"], results)


def carried_by(rounds):
    carried = {}
    for measured in rounds:
        for proxy, result in measured.items():
            if "error" not in result:
                carried.setdefault(proxy, []).append(result["per_second"])
    return carried


def amount(plan, lab, work):
    """So many requests that the slowest proxy is busy with them for as long as planned, and the same for all. Finding out
    warms them up for this kind of work."""
    if work.rate:
        return {"rate": work.rate, "seconds": plan.seconds}
    step = work.clients * work.pipeline
    slowest = None
    for proxy in lab.proxies:
        requests = max(2 * step, 200)
        while True:
            try:
                found = lab.run(proxy, work, {"requests": requests})
            except LoadFailed:
                break
            if found["requests"] / found["per_second"] >= plan.seconds / 3:
                slowest = min(found["per_second"], slowest or found["per_second"])
                break
            requests *= 3
    return {"requests": max(2 * step, int((slowest or 1000) * plan.seconds))}


def repeat(table, plan, lab, row, work, amount, done, results):
    """Every round measures every proxy once, each time another one first."""
    if plan.rehearse and len(done) < plan.rounds:
        for proxy in lab.proxies:
            rehearse(lab, proxy, work, amount)
    while len(done) < plan.rounds:
        number = len(done)
        measured = one_round(plan, lab, work, amount, number)
        if strangers(measured) > MOST_STRANGERS and plan.rounds >= FULL.rounds:
            progress(f"{table.name}: others used {strangers(measured):.2f} cores; this round is done again")
            measured = min(measured, one_round(plan, lab, work, amount, number), key=strangers)
        done.append(measured)
        results.save()
        figures = "  ".join(f"{proxy} " + (result["error"][:60] if "error" in result else
                                           f"{result['cpu_us']:.2f} µs {result['per_second'] / 1000:.1f}k/s")
                            for proxy, result in measured.items())
        progress(f"{table.name}: {row.label} ({row.scene.placement}) {work.loop} {number + 1}/{plan.rounds}  {figures}")


def rehearse(lab, proxy, work, amount):
    """Until the proxy has become steady: a JVM compiles anew what new work finds in a new light, which costs a second or so,
    once. All proxies are treated alike."""
    half = {**amount, "requests": max(2 * work.clients * work.pipeline, amount["requests"] // 2)} if "requests" in amount else amount
    cost = None
    for _ in range(MOST_REHEARSALS):
        before = cost
        try:
            cost = lab.run(proxy, work, half)["cpu_us"]
        except LoadFailed:
            return
        if before and cost > before * (1 - STEADY):
            return


def strangers(measured):
    return max((result.get("strangers", 0) for result in measured.values()), default=0)


def one_round(plan, lab, work, amount, number):
    names = list(lab.proxies)
    turn = number % len(names)
    measured = {}
    for proxy in names[turn:] + names[:turn]:
        time.sleep(plan.settle)
        try:
            measured[proxy] = lab.run(proxy, work, amount)
        except LoadFailed as failure:
            measured[proxy] = {"error": str(failure)}
    return measured
