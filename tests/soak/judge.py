"""What must have held, looked at when all is over; and the table."""
import collections
import json
import re

from flat import MOST_DESCRIPTORS_A_MINUTE, MOST_KB_A_MINUTE, MOST_KB_GROWN, MOST_SOCKETS_A_MINUTE, MOST_THREADS_A_MINUTE, SPARE_THREADS, floor, grew, percentile, slope
from metrics import Metrics
from timeline import FAULTS, NAMES
from wires import PATHS

OWN_CODES = {400: "bad_request", 401: "auth_rejected", 403: "permission_denied", 404: "model_unavailable", 413: "request_too_large"}
AFTER_COMMIT = ("cut_late", "reset_in_body")      # of a stream: content was sent, then it was cut
# No byte of a reply came. Over a connection that was used before, such a request is sent once more and the trace tells of one attempt (host/http/README.md).
UNHEARD = ("reset_before", "refused", "restart", "hang")
LIMITED = ("r123", "r231", "r312")               # routes with time limits of their own
SHOWN = 12                                        # findings of one kind


class Judge:
    def __init__(self, soak, saw):
        self.soak, self.saw, self.calls = soak, saw, soak.clients.calls
        self.findings = collections.defaultdict(list)
        for problem in soak.problems:
            self.findings["while it ran"].append(problem)
        self.records = collections.defaultdict(list)
        for record in saw["requests"]:
            self.records[record["id"]].append(record)
        self.late = soak.late + [tuple(span) for span in saw["late"]]
        self.counts = collections.Counter()

    def check(self, what, holds, told=""):
        if not holds:
            self.findings[what].append(str(told))

    # ------------------------------------------------------------------------------------------------------------------ the calls

    def story(self, call):
        met = ", ".join(f"{r['upstream']}@{r['at']:.2f}:{r['met']}/{r['end']}" for r in self.records.get(call.id, ()))
        trace = self.soak.traces.get(call.id, "no trace")
        return (f"{call.id} {call.wire} model={call.model} begun {call.begin:.3f} ended {call.end:.3f}: {call.became} {call.status or ''} {call.code or ''} {call.detail[:300]}\n"
                f"      upstreams saw: {met or 'nothing'}\n      trace: {trace[:3000]}")

    def disturbed(self, call):
        """This machine kept clients or upstreams from running meanwhile."""
        return any(a < call.end and b > call.begin - 0.2 for a, b in self.late)

    def one(self, call):
        """What to count it as; a finding where it may not be."""
        # A call whose connection was refused never began.
        draining = self.soak.told_to_stop is not None and (call.begin or call.end) > self.soak.told_to_stop - 0.5
        if call.became == "answered" and 200 in call.expected:
            return "answered"
        if call.became == "left":
            return "left by the client"
        if call.became == "told" and call.status in call.expected:
            known = OWN_CODES.get(call.status)
            self.check("own errors carry their reason", call.wire == "messages" or call.code == known, self.story(call))
            return "refused as it should be"
        if draining and (call.became in ("lost", "not connected") or (call.became == "told" and call.status == 503)):
            return "too late for the drain"
        if call.became == "error_event":
            last = self.records[call.id][-1] if self.records.get(call.id) else {"met": None, "end": None}
            if last["met"] in AFTER_COMMIT or last["end"] == "reset":
                return "cut behind the commit point, and told so"
        elif call.became == "told" and call.status in (429, 503, 504) and 200 in call.expected and not self.soak.timeline.steady_for(call.chain, call.begin, call.end):
            return "no healthy target, and told so"
        if self.disturbed(call) and call.became in ("told", "error_event"):
            return "the machine was too slow to judge"
        self.findings[f"LOST: {call.became} {call.status or ''}"].append(self.story(call))
        return "LOST"

    def all_calls(self):
        for call in self.calls:
            self.counts[self.one(call)] += 1
        routed = [call for call in self.calls if call.chain and call.chain != ("nobody",) and len(call.chain) > 1 and call.kind != "first"]
        covered = sum(1 for call in routed if self.soak.timeline.steady_for(call.chain, call.begin, call.end))
        self.covered = covered / max(1, len(routed))
        self.check("the schedule kept a healthy target for (almost) every call of a route", self.covered >= 0.95, f"{self.covered:.1%}")
        self.check("the machine was fast enough to judge", self.counts["the machine was too slow to judge"] <= len(self.calls) * 0.01, self.counts)
        self.limits()
        for call in self.calls:
            if call.became == "left":
                stayed = [r for r in self.records.get(call.id, ()) if r["met"] in ("ok", "drip") and r["end"] == "whole"]
                self.check("a client that left ended its upstream's work", not stayed, self.story(call))

    def limits(self):
        """No attempt outlives its time limit: a call has at most that and a wait for each, and then some for a machine that is busy. `auto` and targets by name have the
        long default limits, and the last route may let a call wait."""
        pace = self.soak.timeline.pace
        for call in self.calls:
            until = call.first if call.stream else call.end
            if call.status is None or call.attempts is None or call.model not in LIMITED or call.kind == "pipelined" or self.disturbed(call):
                continue
            most = call.attempts * (pace.attempt + 1.0) + 2.5
            self.check("attempts end at their limit", until - call.begin <= most, f"took {until - call.begin:.1f} s, at most {most:.1f} s: " + self.story(call))

    # ------------------------------------------------------------------------------------------------------------------ the tokens

    def tokens(self):
        self.check("no refresh token was used twice", not self.saw["reused"], self.saw["reused"])
        self.check("no refresh without need", not self.saw["unneeded"], self.saw["unneeded"][:5])
        self.check("tokens were refreshed", self.saw["refreshes"] >= min(2, self.saw["storms"]), self.saw["refreshes"])
        self.check("upstreams had no surprise", not self.saw["surprises"], self.saw["surprises"][:5])

    # ----------------------------------------------------------------------------------------------------------------- the metrics

    def metrics(self):
        told, counted = Metrics(self.soak.metrics), self.calls[:self.soak.counted]
        unknown = [call for call in counted if call.status is None]      # a request that may or may not have been one
        seen = collections.Counter()
        for call in counted:
            if call.status is not None:
                path = "/v1/embeddings" if call.kind == "embeddings" else PATHS[call.wire]
                seen[path, str(call.status)] += 1
        for (path, status), count in self.soak.looks_counted.items():
            seen[path, str(status)] += count
        got = collections.Counter()
        for name, labels, value in told.samples:
            if name == "belay_requests_total":
                got[labels["path"], labels["status"]] += int(value)
        for key in sorted(set(seen) | set(got)):
            self.check("belay_requests_total is what clients saw", abs(seen[key] - got[key]) <= len(unknown), f"{key}: clients {seen[key]}, belay {got[key]}")
        self.outcomes(told, counted, len(unknown))
        self.attempts(told, counted, len(unknown))
        for gauge in ("belay_calls_in_flight", "belay_streams_open"):
            self.check("nothing is under way when all is over", told.sum(gauge) == 0, f"{gauge} {told.sum(gauge)}")
        self.check("no client's connection is left", told.sum("belay_connections_open") == 1, told.sum("belay_connections_open"))
        for what, result in (("good", "ok"), ("bad", "failed")):
            made, number = self.soak.reloads[what], told.sum("belay_configuration_reloads_total", result=result)
            self.check("reloads are counted", number >= made, f"{what}: {made} made, belay counted {number}")
        self.check("no access line was dropped", told.sum("belay_access_log_dropped_lines_total") == 0, told.sum("belay_access_log_dropped_lines_total"))

    def outcomes(self, told, counted, unknown):
        outcome = told.by("belay_calls_total", "outcome")
        kinds = collections.Counter(call.became for call in counted if call.chain != ("nobody",) and call.status is not None)
        left = kinds["left"] + unknown
        ok, failed = outcome.get("ok", 0), outcome.get("failed", 0) + outcome.get("deadline", 0)
        self.check("belay_calls_total is what clients saw", kinds["answered"] <= ok <= kinds["answered"] + left, f"answered {kinds['answered']}, ok {ok}, left {left}")
        bad = kinds["told"] + kinds["error_event"]
        self.check("belay_calls_total is what clients saw", bad <= failed <= bad + left, f"failed for clients {bad}, for belay {failed}")

    def attempts(self, told, counted, unknown):
        made = sum(call.attempts or 0 for call in counted)
        total = told.sum("belay_attempts_total")
        self.check("belay_attempts_total is what replies said", made <= total <= made + 10 * unknown, f"replies {made}, belay {total}")
        begun = {call.id for call in counted}
        for name in NAMES:
            mine = [r for r in self.saw["requests"] if r["upstream"] == name and r["id"] in begun]
            saw, again = len(mine), sum(1 for r in mine if r["met"] in UNHEARD or r["end"] == "reset")
            number, unseen = told.sum("belay_attempts_total", provider=name), told.sum("belay_attempts_total", provider=name, reason="unreachable")
            self.check("every request that an upstream saw is an attempt, and the other way round", saw - again <= number <= saw + unseen,
                       f"{name}: {saw} requests, {again} of them may have been sent twice, {number} attempts, {unseen} of them unreachable")

    # ------------------------------------------------------------------------------------------------------------------- the process

    def process(self):
        soak = self.soak
        warm = [(at, sample) for at, sample in soak.samples if at >= (120 if soak.seconds >= 600 else soak.seconds * 0.4) and at <= soak.seconds]
        self.warm = warm
        self.check("there are samples", len(warm) >= 5, len(warm))
        long = soak.seconds >= 600
        self.rss_slope = slope(floor([(at, sample["rss"]) for at, sample in warm]))
        self.own_slope = slope([(at, sample["own"]) for at, sample in warm])
        self.upstream_slope = slope([(at, sample["upstreams"]) for at, sample in warm])
        if not soak.options.sanitized:
            if long:
                self.check("resident memory is flat", not grew(floor([(at, sample["rss"]) for at, sample in warm]), MOST_KB_A_MINUTE), f"{self.rss_slope:.1f} KB a minute (most {MOST_KB_A_MINUTE:.0f})")
            grown = warm[-1][1]["rss"] - soak.baseline["rss"] if warm else 0
            self.check("resident memory stays within bounds", grown <= MOST_KB_GROWN, f"{grown} KB more than before (most {MOST_KB_GROWN})")
        self.check("descriptors are flat", not long or not grew([(at, sample["own"]) for at, sample in warm], MOST_DESCRIPTORS_A_MINUTE), f"{self.own_slope:.2f} a minute")
        # A generation has threads for its refreshes, and lives on until its last call is over: a saw while reloads go on, whose teeth don't grow.
        thread_slope = slope([(at, sample["threads"]) for at, sample in warm])
        self.check("threads are flat", not long or not grew([(at, sample["threads"]) for at, sample in warm], MOST_THREADS_A_MINUTE), f"{thread_slope:.2f} a minute")
        self.check("threads are few again when clients are gone", soak.last is not None and soak.last["threads"] <= soak.baseline["threads"] + SPARE_THREADS,
                   f"baseline {soak.baseline}, last {soak.last}")
        self.check("sockets to upstreams are flat", not long or not grew([(at, sample["upstreams"]) for at, sample in warm], MOST_SOCKETS_A_MINUTE), f"{self.upstream_slope:.2f} a minute")
        self.check("descriptors are back at the baseline when clients are gone", soak.last is not None and soak.last["own"] <= soak.baseline["own"] and soak.last["clients"] == 0,
                   f"baseline {soak.baseline}, last {soak.last}")
        self.check("it drains and exits with 0", soak.exit == 0, soak.exit)
        log = soak.gateway.log()
        for line in re.findall(r".*(?:AddressSanitizer|LeakSanitizer|ThreadSanitizer|runtime error:|terminate called|Assertion).*", log)[:5]:
            self.findings["no sanitizer or assertion speaks"].append(line)
        self.check("no secret in the log", "SECRET" not in log, re.findall(r".*SECRET.*", log)[:3])
        if soak.gateway.access.exists():
            soak.gateway.count_lines(soak.gateway.access)
        requests = sum(1 for call in self.calls if call.status is not None) + sum(soak.looks.values())
        spare = sum(1 for call in self.calls if call.status is None)
        self.check("every request has its line in the access log, rotated or not", requests <= soak.gateway.access_lines <= requests + spare,
                   f"{requests} requests, {soak.gateway.access_lines} lines, {spare} uncertain")
        self.check("access lines are whole and tell no secret", not soak.gateway.bad_access_lines, soak.gateway.bad_access_lines)

    def variety(self):
        """A long run that never met a fault proves nothing about it."""
        if self.soak.seconds >= 600:
            met = {record["met"] for record in self.saw["requests"]}
            missing = [fault for fault in (*FAULTS, "401") if fault not in met and fault not in ("refused", "restart")]
            self.check("every fault was met", not missing, missing)
            kinds = {call.kind for call in self.calls}
            self.check("every kind of call was made", len(kinds) >= 20, kinds)

    # -------------------------------------------------------------------------------------------------------------------- the table

    def table(self):
        by_kind = collections.defaultdict(collections.Counter)
        for call in self.calls:
            by_kind[call.kind][call.became if call.became != "told" else f"told {call.status}"] += 1
        print("\ncalls by kind")
        for kind, counts in sorted(by_kind.items()):
            print(f"  {kind:17} {sum(counts.values()):7}  " + ", ".join(f"{what} {count}" for what, count in counts.most_common()))
        print("what became of them: " + ", ".join(f"{what} {count}" for what, count in self.counts.most_common()))
        depth = collections.Counter(call.chain.index(call.provider) + 1 for call in self.calls if call.became in ("answered", "left") and call.provider in call.chain)
        attempts = collections.Counter(call.attempts for call in self.calls if call.became in ("answered", "left") and call.attempts)
        print("answered by target number: " + ", ".join(f"{at}: {depth[at]}" for at in sorted(depth)) + "; attempts: " + ", ".join(f"{n}: {attempts[n]}" for n in sorted(attempts)))
        met = collections.Counter(record["met"] for record in self.saw["requests"])
        print("upstreams' replies: " + ", ".join(f"{what} {count}" for what, count in met.most_common()))
        print(f"tokens: {self.saw['storms']} storms, {self.saw['refreshes']} refreshes, {self.saw['token_failures']} failed by the token endpoint, {len(self.saw['reused'])} reused; "
              f"keys replaced: {self.soak.keys_replaced}; reloads: {self.soak.reloads['good']} good, {self.soak.reloads['bad']} refused; access logs: {self.soak.gateway.rotated + 1}")
        quick = [1000 * (call.end - call.begin) for call in self.calls if call.kind == "chat" and call.became == "answered" and call.attempts == 1]
        print(f"healthy calls (chat, first attempt): p50 {percentile(quick, 0.5):.1f} ms, p99 {percentile(quick, 0.99):.1f} ms of {len(quick)}; "
              f"covered by the schedule {self.covered:.1%}; late {len(self.late)} times; not sent because too many were under way {self.soak.skipped}")
        if self.warm:
            (_, first), (_, last) = self.warm[0], self.warm[-1]
            print(f"resident: {first['rss']} KB first, {last['rss']} KB last, {self.rss_slope:+.1f} KB a minute (its floor); own descriptors: {first['own']} first, {last['own']} last, "
                  f"{self.own_slope:+.2f} a minute, {self.soak.baseline['own']} before, {self.soak.last['own']} after; threads {first['threads']} first, {last['threads']} last, {self.soak.baseline['threads']} before, {self.soak.last['threads']} after; "
                  f"sockets to upstreams: {first['upstreams']} first, {last['upstreams']} last, {self.upstream_slope:+.2f} a minute, {self.soak.last['upstreams']} after")


def judge(soak, saw):
    """Prints all of it; whether everything held."""
    court = Judge(soak, saw)
    for part in (court.all_calls, court.tokens, court.metrics, court.process, court.variety):
        part()
    (soak.folder / "samples.json").write_text(json.dumps(soak.samples))
    court.table()
    for what, found in court.findings.items():
        print(f"\nNOT SO: {what} ({len(found)})")
        for one in found[:SHOWN]:
            print("   " + one)
    print("\n" + ("passed" if not court.findings else f"FAILED: {len(court.findings)} kinds of findings") + f" (seed {soak.options.seed})")
    return not court.findings
