#!/usr/bin/env python3
"""Measures Cashew beside nutcracker and predixy and writes docs/benchmarks.md.

  bench.py run [TABLE ...]     measures all tables, or those named; goes on where it was interrupted
  bench.py jmh [PART]          measures parts of the road with JMH, or those whose name matches
  bench.py start               measures how long a start takes, and the memory without work
  bench.py write               writes the page and its pictures from what has been measured
  bench.py list                the tables

Package Cashew first (./mvnw package -DskipTests). See docs/benchmarks.md.
"""
import argparse
import json
import os
import shutil
import signal
import subprocess
import sys

import machine
import page
import start
from rounds import FULL, Plan, Results, measure, progress
from tables import ALL, trial

# Everything once, with so little that it says nothing about speed, but fails if something does not work.
QUICK = Plan(rounds=1, seconds=0.05, warm_up=200, settle=0, rehearse=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="measure")
    run.add_argument("tables", nargs="*", metavar="TABLE", help="one of: " + ", ".join(table.name for table in ALL))
    run.add_argument("--rounds", type=int, default=FULL.rounds, help="how often everything is measured (%(default)s)")
    run.add_argument("--seconds", type=float, default=FULL.seconds, help="aim for one measurement (%(default)s)")
    run.add_argument("--fresh", action="store_true", help="forget what an interrupted run has left")
    run.add_argument("--quick", action="store_true", help="a trial of everything, in target/bench-quick; the page is left alone")
    jmh = commands.add_parser("jmh", help="measure parts with JMH")
    jmh.add_argument("include", nargs="?", default="io.cashew", metavar="PART", help="a regular expression")
    jmh.add_argument("--seconds", type=float, default=0.5, help="for one of eight iterations (%(default)s)")
    commands.add_parser("start", help="measure starts and memory").add_argument(
        "--rounds", type=int, default=start.FULL.rounds, help="how often everything is started (%(default)s)")
    commands.add_parser("write", help="write the page")
    commands.add_parser("list", help="list the tables")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    if arguments.command == "run":
        tables = [table for table in ALL if not arguments.tables or table.name in arguments.tables]
        unknown = set(arguments.tables) - {table.name for table in ALL}
        if unknown:
            parser.error("no such table: " + ", ".join(sorted(unknown)))
        if arguments.quick:
            try_all(tables)
        else:
            run_all(tables, Plan(arguments.rounds, arguments.seconds, FULL.warm_up), arguments.fresh)
    elif arguments.command == "jmh":
        microbenchmarks(arguments.include, arguments.seconds)
    elif arguments.command == "start":
        start.measure(start.Plan(arguments.rounds))
        page.write()
    elif arguments.command == "write":
        page.write()
    else:
        for table in ALL:
            print(f"{table.name:<12}{table.title}: {len(table.rows)} rows")


def run_all(tables, plan, fresh):
    failures = []
    for table in tables:
        results = Results(table)
        try:
            failures += measure([results.begin(plan) if fresh else results.resume(plan)], plan)
        except KeyboardInterrupt:
            sys.exit("interrupted; the same command goes on from here")
        page.write()
    progress("done: docs/benchmarks.md and docs/benchmarks/")
    if failures:
        sys.exit("not measured, the same command tries again:\n" + "\n".join(failures))


def try_all(tables):
    directory = os.path.join(machine.TARGET, "bench-quick")
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    document = shutil.copy(page.DOCUMENT, directory)
    results = [Results(trial(table), directory).begin(QUICK) for table in tables]
    failed = measure(results, QUICK)
    start.measure(start.QUICK, directory)
    page.write([kept.table for kept in results], directory, document, os.path.join(directory, "benchmarks"))
    failed += [f"{kept.table.name}, {row}, {proxy}: {result['error']}" for kept in results
              for row, data in kept.data["rows"].items() for measured in data["rounds"] + data["at_rate"]
              for proxy, result in measured.items() if "error" in result]
    if failed:
        sys.exit("\n".join(failed))
    progress("the trial has gone well: " + os.path.relpath(document, machine.PROJECT))


def microbenchmarks(include, seconds):
    """Through Maven, which knows the class path."""
    subprocess.run([os.path.join(machine.PROJECT, "mvnw"), "-B", "-q", "test-compile", "surefire:test", "-Dtest=Microbenchmarks",
                    f"-Djmh.include={include}", f"-Djmh.millis={int(seconds * 1000)}"], cwd=machine.PROJECT, env={**os.environ, "JAVA_HOME": machine.jdk()}, check=True)
    with open(os.path.join(machine.RESULTS, "jmh-results.json")) as file:
        results = json.load(file)
    with open(os.path.join(machine.RESULTS, page.JMH + ".json"), "w") as file:
        json.dump({"environment": machine.environment(), "results": results}, file, indent=1)
    page.write()


if __name__ == "__main__":
    main()
