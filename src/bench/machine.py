"""The machine that is measured on, and what its processes use."""
import datetime
import glob
import os
import platform
import re
import shutil
import subprocess
import time

PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TARGET = os.path.join(PROJECT, "target")
CACHE = os.path.join("target", "quarkus-app", "cashew.aot")
RESULTS = os.path.join(TARGET, "bench")
SEARCH = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"


def program(name):
    """Where a program is, or None; servers often live in sbin, which is not in every user's PATH."""
    return shutil.which(name, path=SEARCH)


def output(*command):
    """What a program says, standard error included; empty if it cannot be run."""
    try:
        return subprocess.run(command, cwd=PROJECT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              check=False).stdout.strip()
    except OSError:
        return ""


def jdk():
    """The home of a JDK 25 or newer: JAVA_HOME, that of PATH, or the newest among the usual places."""
    homes = [os.environ.get("JAVA_HOME", "")]
    in_path = shutil.which("java")
    if in_path:
        homes.append(os.path.dirname(os.path.dirname(os.path.realpath(in_path))))
    homes += glob.glob("/usr/lib/jvm/*") + glob.glob(os.path.expanduser("~/.sdkman/candidates/java/*"))
    found = [(java_version(home), home) for home in homes if java_version(home) >= 25]
    if not found:
        raise SystemExit("no JDK 25: set JAVA_HOME")
    return found[0][1] if found[0][1] == homes[0] else max(found)[1]


def java_version(home):
    try:
        with open(os.path.join(home, "release")) as release:
            stated = re.search(r'JAVA_VERSION="(\d+)', release.read())
    except OSError:
        return 0
    return int(stated.group(1)) if stated and os.path.exists(os.path.join(home, "bin", "javac")) else 0


def jvm_flags(top=PROJECT):
    """The flags Cashew is shipped with, and its AOT cache where there is one; `top` is how to get to the project."""
    flags = ["@" + os.path.join(top, "deploy", "jvm.options")]
    if is_trained():
        flags.append("-XX:AOTCache=" + os.path.join(top, CACHE))
    flags.append("-Djava.library.path=" + os.path.join(top, "target", "quarkus-app", "native"))
    return flags


def is_trained():
    return os.path.exists(os.path.join(PROJECT, CACHE))


def commit():
    """The commit that is checked out; marked if files differ from it, apart from the documents, which we write to."""
    changed = output("git", "status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs")
    return output("git", "rev-parse", "--short=10", "HEAD") + (" with changes" if changed else "")


def processor():
    with open("/proc/cpuinfo") as info:
        names = re.findall(r"^model name\s*:\s*(.*)$", info.read(), re.M)
    return (names or [platform.machine()])[0]


def memory_gib():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def environment():
    """Whatever a reader has to know to judge or repeat a figure."""
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "commit": commit(),
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "memory": f"{memory_gib():.0f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "java": first_line(output(os.path.join(jdk(), "bin", "java"), "-version"), 1),
        "flags": " ".join(jvm_flags("")),
        "redis": version(r"v=(\S+)", "redis-server", "--version"),
        "memcached": version(r"(\d\S+)", "memcached", "-V"),
        "nutcracker": version(r"nutcracker-(\S+)", "nutcracker", "-V"),
        "predixy": version(r"predixy-?\s*(\S+)", "predixy", "-v"),
    }


def version(pattern, name, option):
    path = program(name)
    if path is None:
        return None
    found = re.search(pattern, output(path, option))
    return found.group(1) if found else "of unknown version"


def first_line(text, number=0):
    lines = text.splitlines()
    return lines[min(number, len(lines) - 1)] if lines else "unknown"


def cpu_seconds(pids):
    """User and system time of whole processes, all threads, those that have ended included.

    The kernel's process clock counts nanoseconds, where /proc/PID/stat has hundredths of a second. Its number is made
    from the pid as clock_getcpuclockid(3) does it.
    """
    total = 0.0
    for pid in pids:
        try:
            total += time.clock_gettime((~pid << 3) | 2)
        except OSError:
            pass
    return total


def busy_seconds():
    """Time that all processors have spent working, what the host has taken from us included."""
    with open("/proc/stat") as stat:
        user, nice, system, _, _, irq, softirq, steal = (int(ticks) for ticks in stat.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def resident_mib(pid):
    """Memory of a process that is in RAM."""
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"^VmRSS:\s*(\d+) kB", status.read(), re.M).group(1)) / 1024


def own_mib(pid):
    """The same, but of every page that several processes share only its part (PSS)."""
    with open(f"/proc/{pid}/smaps_rollup") as rollup:
        return int(re.search(r"^Pss:\s*(\d+) kB", rollup.read(), re.M).group(1)) / 1024
