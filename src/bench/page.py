"""Writes docs/benchmarks.md: each table that has results between marks of its own, the rest is left as it is."""
import json
import os
import re
import statistics

import machine
import pictures
import proxies
import start
from rounds import Results
from tables import ALL

DOCUMENT = os.path.join(machine.PROJECT, "docs", "benchmarks.md")
PICTURES = os.path.join(machine.PROJECT, "docs", "benchmarks")
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->\n"
BLOCK = re.compile(r"<!-- table: (\S+) -->\n.*?<!-- /table -->\n", re.S)
JMH = "jmh"
BASE, OURS = proxies.NUTCRACKER.name, proxies.CASHEW.name


def write(tables=ALL, results=machine.RESULTS, document=DOCUMENT, images=PICTURES):
    """Tables without results keep what the page says of them; where it says nothing, they stay away."""
    with open(document) as file:
        before, measured, after = divided(file.read())
    blocks = {found.group(1): found.group(0) for found in BLOCK.finditer(measured)}
    os.makedirs(images, exist_ok=True)
    for table in tables:
        kept = Results(table, results).load()
        if kept and any(row["rounds"] for row in kept.data["rows"].values()):
            blocks[table.name] = block(table.name, section(table, kept.data, images))
    micro = os.path.join(results, JMH + ".json")
    if os.path.exists(micro):
        with open(micro) as file:
            blocks[JMH] = block(JMH, microbenchmarks(json.load(file)))
    starts = os.path.join(results, start.NAME + ".json")
    if os.path.exists(starts):
        with open(starts) as file:
            blocks[start.NAME] = block(start.NAME, startup(json.load(file)))
    order = [table.name for table in ALL] + [start.NAME, JMH]
    text = "\n".join(blocks[name] for name in order if name in blocks)
    with open(document, "w") as file:
        file.write(before + BEGIN + ("\n" + text + "\n" if text else "") + END + after)


def divided(text):
    begin, end = text.index(BEGIN), text.index(END)
    return text[:begin], text[begin + len(BEGIN):end], text[end + len(END):]


def block(name, text):
    return f"<!-- table: {name} -->\n{text}<!-- /table -->\n"


def section(table, data, images):
    kinds = {"ratios": ratios, "latency": latencies, "curve": curve}
    lines, picture = kinds[table.kind](table, data)
    with open(os.path.join(images, table.name + ".svg"), "w") as file:
        file.write(picture)
    return "\n".join([f"## {table.title}", "", wrapped(table.text), "", *lines, "",
                      f"![{table.title}](benchmarks/{table.name}.svg)", "", wrapped(circumstances(data)), ""])


def wrapped(text, width=120):
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join(lines + [line])


def measured_on(known):
    return (f"Measured {known['date']} at commit {known['commit']}: {known['processor']}, {known['memory']}, {known['kernel']}; "
            f"{known['java']} with `{known['flags']}`")


def circumstances(data):
    known, plan = data["environment"], data["plan"]
    strangers = [result.get("strangers", 0) for row in data["rows"].values() for kind in ("rounds", "at_rate")
                 for measured in row[kind] for result in measured.values()]
    versions = ", ".join(f"{name} {known[name]}" for name in ("nutcracker", "predixy", "redis", "memcached") if known[name])
    return (f"{measured_on(known)}; {versions}. {plan['rounds']} × {plan['seconds']:g} s for each figure after "
            f"{plan['warm_up']:,} requests to warm up and a rehearsal; meanwhile other processes used at most "
            f"{max(strangers, default=0):.2f} of a core.")


# What is read from results

def pairs(measured, proxy, figure):
    """The ratios of `proxy` to nutcracker, one for every round in which both have worked."""
    ratios = []
    for one in measured:
        if all(name in one and "error" not in one[name] for name in (BASE, proxy)):
            ratios.append(figure(one[proxy]) / figure(one[BASE]))
    return ratios


def values(measured, proxy, figure):
    return [figure(one[proxy]) for one in measured if proxy in one and "error" not in one[proxy]]


def cpu(result):
    return result["cpu_us"]


def carried(result):
    return result["per_second"]


def median(numbers):
    return statistics.median(numbers) if numbers else None


def shown(number, digits=2):
    return "–" if number is None else f"{number:,.{digits}f}"


def spread(numbers):
    """Median, and the range behind it."""
    return "–" if not numbers else f"**{median(numbers):.2f}** ({min(numbers):.2f}–{max(numbers):.2f})"


def significant(number):
    """Three digits that mean something."""
    if number is None:
        return "–"
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"


def present(data, row):
    return [proxy.name for proxy in row.scene.proxies
            if any(proxy.name in measured for measured in data["rows"].get(row.key, {"rounds": []})["rounds"])]


def measured_rows(table, data):
    return [(row, data["rows"][row.key]) for row in table.rows if data["rows"].get(row.key, {"rounds": []})["rounds"]]


def failures(table, data):
    """What went wrong instead of being measured."""
    texts = []
    for row, kept in measured_rows(table, data):
        for proxy in present(data, row):
            errors = [one[proxy]["error"] for one in kept["rounds"] + kept["at_rate"] if "error" in one.get(proxy, {})]
            if errors:
                texts.append(f"{proxy}, {row.label} ({row.scene.placement}): `{errors[0][:160]}`")
    return ["", "Not measured: " + "; ".join(texts) + "."] if texts else []


def titles(names):
    return ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]


def line(cells):
    return "| " + " | ".join(cells) + " |"


# The kinds of tables

def ratios(table, data):
    rows = measured_rows(table, data)
    others = [name for name in dict.fromkeys(name for row, _ in rows for name in present(data, row)) if name != BASE]
    lines = titles(["work", "where", "proxy", "CPU ÷ nutcracker's", "wanted", "throughput ÷ nutcracker's", "wanted",
                    "µs CPU a request", "thousand a second", "busy: proxy, servers, load"])
    bars = []
    for row, kept in rows:
        for proxy in present(data, row):
            costs, rates = pairs(kept["rounds"], proxy, cpu), pairs(kept["rounds"], proxy, carried)
            # What is wanted is wanted of the one with more event loops, where there is one.
            ours = proxy == [name for name in present(data, row) if name in (OURS, proxies.CASHEW_TWICE.name)][-1]
            wanted_cpu, wanted_rate = (row.cpu, row.throughput) if ours else (None, None)
            busy = [median(values(kept["rounds"], proxy, lambda result, part=part: result["busy"][part]))
                    for part in ("proxy", "servers", "load")]
            lines.append(line([
                row.label, row.scene.placement, proxy,
                "1" if proxy == BASE else spread(costs), f"≤ {wanted_cpu:.2f}" if wanted_cpu else "",
                "1" if proxy == BASE else spread(rates), f"≥ {wanted_rate:.2f}" if wanted_rate else "",
                significant(median(values(kept["rounds"], proxy, cpu))),
                significant(median([number / 1000 for number in values(kept["rounds"], proxy, carried)])),
                ", ".join("–" if share is None else f"{share:.0%}" for share in busy)]))
            if proxy != BASE and costs:
                bars.append(pictures.Bar(f"{row.label} · {row.scene.placement}", proxy, costs, wanted_cpu, rates, wanted_rate))
    return lines + failures(table, data), pictures.ratio_bars(table.title, bars, others)


PERCENTILES = ("p50", "p90", "p99", "p99.9", "max")
COMPARED = ("p50", "p99", "p99.9")
DRAWN = ("p10", "p50", "p90", "p99", "p99.9", "p99.99", "max")


def at(percentile, kind="latency"):
    return lambda result: result.get(kind, {}).get(percentile, 0)


def latencies(table, data):
    lines = titles(["work", "where", "proxy", *(f"{name} µs" for name in PERCENTILES),
                    *(f"{name} ÷ nutcracker's" for name in COMPARED)])
    panels = []
    for row, kept in measured_rows(table, data):
        rounds, series, lateness = kept["rounds"], {}, []
        for proxy in present(data, row):
            absolute = [significant(median(values(rounds, proxy, at(name)))) for name in PERCENTILES]
            relative = ["1" if proxy == BASE else spread(pairs(rounds, proxy, at(name))) for name in COMPARED]
            lines.append(line([row.label, row.scene.placement, proxy, *absolute, *relative]))
            series[proxy] = [(name, median(values(rounds, proxy, at(name)))) for name in DRAWN]
            lateness += values(rounds, proxy, at("p99", "lateness"))
        if median(lateness):
            late = [significant(median(lateness)) if name == "p99" else "" for name in PERCENTILES]
            lines.append(line([row.label, row.scene.placement, "*the load's own delay*", *late, *("" for _ in COMPARED)]))
        panels.append((f"{row.label} · {row.scene.placement}", series))
    return lines + failures(table, data), pictures.latency_curves(table.title, panels)


def curve(table, data):
    rows = measured_rows(table, data)
    names = list(dict.fromkeys(name for row, _ in rows for name in present(data, row)))
    figures = [("µs CPU a request", "rounds", cpu), ("MiB of memory", "rounds", lambda result: result["rss_mib"]),
               ("p99 µs at half load", "at_rate", lambda result: result["latency"]["p99"])]
    lines = titles([table.axis, *(f"{label}, {name}" for label, _, _ in figures for name in names), "requests a second at half load"])
    panels = [(label, {name: [] for name in names}) for label, _, _ in figures]
    for row, kept in rows:
        cells = []
        for (_, kind, figure), (_, series) in zip(figures, panels):
            for name in names:
                middle = median(values(kept[kind], name, figure))
                cells.append(significant(middle))
                if middle is not None:
                    series[name].append((row.point, middle))
        lines.append(line([row.label, *cells, f"{kept['rate']:,}" if "rate" in kept else "–"]))
    return lines + failures(table, data), pictures.growth(table.title, table.axis, panels)


def startup(found):
    names = list(dict.fromkeys(name for one in found["rounds"] for name in one))
    crowds = found["crowds"]
    lines = titles(["proxy", "first reply, s", "processor time until then, s", "resident, MiB", "of that its own (PSS), MiB",
                    *(f"more with {size:,} clients, MiB" for size in crowds)])
    for name in names:
        seconds, used = (start.of_every_round(found["rounds"], name, lambda one, figure=figure: one[figure])
                         for figure in ("seconds", "cpu_seconds"))
        idle = start.memory(found, name, 0, "rss_mib")
        lines.append(line([name, spread(seconds), spread(used), shown(idle, 1), shown(start.memory(found, name, 0, "pss_mib"), 1),
                           *(shown(start.memory(found, name, size, "rss_mib") - idle, 1) for size in crowds)]))
    strangers = [one["strangers"] for measured in found["rounds"] for one in measured.values()]
    known = found["environment"]
    return "\n".join(["## Start and memory", "",
                      wrapped("From the start of the process to the first reply of a real Redis through it, one pool over three "
                              "servers, one event loop. Memory is that of a proxy that is left alone, then with clients that have "
                              "each been answered once and are silent since."), "",
                      *lines, "",
                      wrapped(f"{measured_on(known)}; nutcracker {known['nutcracker']}, redis {known['redis']}. Medians (and ranges) "
                              f"of {len(found['rounds'])} starts in turns, of {len(found['memory'])} for memory; meanwhile other "
                              f"processes used {median(strangers):.2f} of a core, at most {max(strangers):.2f}."), ""])


def microbenchmarks(found):
    lines = titles(["benchmark", "with", "ns", "±", "bytes allocated"])
    for result in found["results"]:
        name = ".".join(result["benchmark"].split(".")[-2:])
        scale = 1000 if result["primaryMetric"]["scoreUnit"].startswith("us") else 1
        score = result["primaryMetric"]["score"] * scale
        error = result["primaryMetric"]["scoreError"]
        allocated = result.get("secondaryMetrics", {}).get("gc.alloc.rate.norm", {}).get("score")
        lines.append(line([f"`{name}`", ", ".join(result.get("params", {}).values()), significant(score),
                           "–" if error in (None, "NaN") else significant(float(error) * scale),
                           "–" if allocated is None else significant(allocated) if allocated >= 0.01 else "0"]))
    return "\n".join(["## Parts of the road, by JMH", "",
                      wrapped("One thread, average time of one operation. A part alone runs from warm caches with perfect branch "
                              "prediction: these figures compare ways to write it and do not add up to a request."), "",
                      *lines, "",
                      wrapped(measured_on(found["environment"]) + "."), ""])
