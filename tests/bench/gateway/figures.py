"""The figures of the table, one function each. A figure measures given targets and returns a Series; `FIGURES` says against whom belay is set, and the goal."""
import os, re, shutil, subprocess
from dataclasses import dataclass
from typing import Callable, Optional

import peers
from machine import resident_kb
from measure import Series, cpu_of, interleave, spread
from targets import Belay, Direct, Haproxy, Nginx
from traffic import Wrong

HELD, HELD_TLS = 9000, 2000
CORES_FOR_TWO_WORKERS = 6
TWO_WORKER_CORES, MOCK_CORE, LOAD_CORES = {0, 1}, {2}, (4, 5)


class NotMeasured(Exception):
    pass


def started(bench, kinds, purpose, connections):
    """Every target that serves this purpose and runs here, on the core under test, warmed."""
    targets = [bench.start(kind) for kind in kinds if purpose in kind.purposes]
    return [target for target in targets if target and bench.spare(target, lambda: warm(bench, target, purpose, connections))]


def warm(bench, target, purpose="json", connections=64):
    return bench.load.requests(target.place(purpose), connections=connections, seconds=0.3)


# ------------------------------------------------------------------------------------------------------------------------------------ requests

def json_cpu(bench, kinds, purpose="json", connections=64):
    once = lambda target: cpu_of(target, lambda: bench.load.requests(target.place(purpose), connections=connections, seconds=bench.seconds)["requests"])
    return interleave(bench.rounds, started(bench, kinds, purpose, connections), lambda target: bench.spare(target, lambda: once(target)))


def image_cpu(bench, kinds):
    return json_cpu(bench, kinds, "image", 4)


def added_p50(bench, kinds, purpose="json"):
    """The median at one connection, less that of the mock itself in the same round."""
    targets, direct = started(bench, kinds, purpose, 1), bench.start(Direct)
    place = lambda target: target.place("json" if target is direct else purpose)
    once = lambda target: bench.load.requests(place(target), connections=1, seconds=bench.seconds)["p50_us"]
    series = interleave(bench.rounds, [*targets, direct], lambda target: bench.spare(target, lambda: once(target)))
    for round in series.rounds:
        base = round.pop("direct")
        for name in round:
            round[name] -= base
    return series


def chain_p50(bench, kinds):
    """Every request begins at the server that says 401; the mock's own counts tell whether it did."""
    (answered, refused), directly = bench.mock.counts(), bench.load.sent_to(bench.mock.answering)
    series = added_p50(bench, kinds, "chain")
    answered, refused = (now - before for now, before in zip(bench.mock.counts(), (answered, refused)))
    through = answered - (bench.load.sent_to(bench.mock.answering) - directly)
    if refused < 0.99 * through:
        raise Wrong(f"only {refused} of {through} requests met a 401 first")
    return series


def instructions(bench, kinds, few=200, many=2200):
    """Of the user's side, by callgrind: the difference of a long and a short run, so that start and end do not count."""
    if not shutil.which("valgrind"):
        raise NotMeasured("valgrind is not installed (packaging/apt-packages)")

    def collected(kind, count):
        target = bench.make(kind)
        log = target.folder / "callgrind.log"
        target.under = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", f"--log-file={log}")
        target.single = True
        with target:
            bench.load.requests(target.place("json"), connections=8, count=count)
        found = re.search(r"Collected : (\d+)", log.read_text())
        if not found:
            raise Wrong(f"{target.name} under callgrind left no count: {log.read_text()[-300:]}")
        return int(found[1])

    series = Series()
    series.rounds.append({kind.name: (collected(kind, many) - collected(kind, few)) / (many - few) for kind in kinds if bench.runs(kind)})
    return series


# ------------------------------------------------------------------------------------------------------------------------------------- streams

def chunk_cpu(bench, kinds):
    targets = [target for target in (bench.start(kind) for kind in kinds if "sse" in kind.purposes) if target]

    def relay(target, streams=100):
        done = bench.load.run("streams", target.place("sse"), connections=streams, chunks=100)
        if streams == 100:
            bench.note("chunk delay p50, µs", target.name, done["p50_us"])
        return done["chunks"]
    targets = [target for target in targets if bench.spare(target, lambda: relay(target, 10))]
    return interleave(bench.rounds, targets, lambda target: bench.spare(target, lambda: cpu_of(target, lambda: relay(target))))


def held_cpu(bench, kinds):
    """CPU per request with thousands of streams held, over that of the same program without any, two processes in turn. And what a stream takes."""
    series = Series()
    for kind in kinds:
        if not bench.runs(kind):
            continue
        with bench.make(kind) as idle, bench.make(kind) as busy, bench.scraping(idle), bench.scraping(busy):
            for target in (idle, busy):
                warm(bench, target)
            before = resident_kb(busy.pid)
            with bench.load.hold(busy.place("hold"), HELD) as held:
                bench.note("resident KB per held stream", kind.name, (resident_kb(busy.pid) - before) / HELD)
                per_request = lambda target: cpu_of(target, lambda: bench.load.requests(target.place("json"), connections=16, seconds=bench.seconds)["requests"])
                for number in range(bench.rounds):
                    pair = (idle, busy) if number % 2 == 0 else (busy, idle)
                    values = {("none" if target is idle else "held"): per_request(target) for target in pair}
                    if len(series.rounds) <= number:
                        series.rounds.append({})
                    series.rounds[number] |= {kind.name: values["held"] / values["none"], f"{kind.name} held": values["held"]}
                held.release()
    return series


def held_memory(bench, kinds, purpose="hold", streams=HELD_TLS):
    """Growth of the resident set over the number of streams, each round in a fresh process."""
    def once(kind):
        with bench.make(kind) as target:
            warm(bench, target)
            before = resident_kb(target.pid)
            with bench.load.hold(target.place(purpose), streams) as held:
                grown = resident_kb(target.pid) - before
                held.release()
            return grown / streams
    kinds = [kind for kind in kinds if purpose in kind.purposes and bench.runs(kind)]
    return interleave(min(bench.rounds, 3), kinds, lambda kind: bench.spare(kind, lambda: once(kind)))


def held_memory_tls(bench, kinds):
    return held_memory(bench, kinds, "hold_tls")


# ------------------------------------------------------------------------------------------------------------------------------------- workers

def two_workers(bench, kinds):
    """Requests per second of two workers on two cores over those of one, with the mock and each load on cores of their own."""
    free = max(0.0, (os.cpu_count() or 1) - os.getloadavg()[0])
    if free < CORES_FOR_TWO_WORKERS:
        raise NotMeasured(f"{free:.1f} of {CORES_FOR_TWO_WORKERS} cores are free")
    series = Series()

    def rate(target):
        place = target.place("json")
        words = bench.load.command("requests", place, {"expect": "bench-reply", "connections": 32, "seconds": bench.seconds})
        loads = [subprocess.Popen(["taskset", "-c", str(core), *words], stdout=subprocess.PIPE, text=True) for core in LOAD_CORES]
        replies = [re.search(r'"requests":(\d+).*"seconds":([\d.]+)', load.communicate()[0]) for load in loads]
        if not all(replies):
            raise Wrong("a load of two failed")
        return sum(int(reply[1]) / float(reply[2]) for reply in replies)

    one, two = bench.make(Belay), bench.make(Belay)
    one.cores = two.cores = TWO_WORKER_CORES
    two.workers = 2
    os.sched_setaffinity(bench.mock.pid, MOCK_CORE)
    try:
        with one, two:
            for number in range(bench.rounds):
                pair = (one, two) if number % 2 == 0 else (two, one)
                rates = {("one" if target is one else "two"): rate(target) for target in pair}
                series.rounds.append({"belay": rates["two"], "belay, one worker": rates["one"]})
    finally:
        os.sched_setaffinity(bench.mock.pid, bench.load_cores)
    return series


# --------------------------------------------------------------------------------------------------------------------------------------- table

@dataclass
class Figure:
    key: str
    title: str
    unit: str
    measure: Callable
    kinds: list                       # against whom
    over: Optional[str]               # whose value belay's is divided by; None: belay's value itself is what counts
    must: float
    aim: float
    in_whole: bool = True             # whether the whole machine may be asked for it
    more_is_better: bool = False

    def value(self, series, name="belay"):
        """(median, smallest, largest) of what the goal is about."""
        return series.ratio(name, self.over) if self.over else spread(series.of(name))


FLOOR = [Belay, Nginx, Haproxy]
FIGURES = [
    Figure("cpu", "CPU per 1 KB JSON request, c=64", "µs", json_cpu, FLOOR + peers.ALL, "nginx", 1.6, 1.25),
    Figure("instructions", "user instructions per request", "", instructions, FLOOR, "nginx", 4.0, 3.0),
    Figure("chunk", "CPU per relayed chunk, 100 streams at 10 ms", "µs", chunk_cpu, FLOOR + peers.ALL, "nginx", 1.3, 1.0),
    Figure("p50", "added p50, one connection", "µs", added_p50, FLOOR + peers.ALL, "nginx", 1.25, 1.10),
    Figure("held", f"CPU per request with {HELD:,} held streams / with none", "x", held_cpu, FLOOR, None, 1.5, 1.15),
    Figure("memory", f"resident KB per held stream ({HELD_TLS:,})", "KB", held_memory, FLOOR + peers.ALL, None, 24, 16),
    Figure("memory-tls", f"resident KB per held stream, TLS upstream ({HELD_TLS:,})", "KB", held_memory_tls, FLOOR, None, 70, 30),
    Figure("image", "CPU per 1 MB image request, c=4", "µs", image_cpu, FLOOR + peers.ALL, "nginx", 2.6, 2.0),
    Figure("chain", "401, then the next target: added p50", "µs", chain_p50, [Belay, Haproxy], "haproxy", 2.0, 1.2),
    Figure("workers", "two workers / one, requests per second", "/s", two_workers, [Belay], "belay, one worker", 1.7, 1.9, in_whole=False, more_is_better=True),
]
