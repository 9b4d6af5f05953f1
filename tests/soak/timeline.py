"""When which upstream is at fault: made from a seed before the run, known to the upstreams (which act by it) and to the judge (who holds belay to it).

At any time one upstream is *steady*: no fault of its own. Steady windows overlap, so that a call, and the holds that older faults left, always find one
window that covers them. All times are seconds since the run's beginning."""
import json
import random

NAMES = ("one", "two", "three")    # one: a pool of two keys; two: OAuth; three: by the name localhost

# What a request meets while an upstream is at fault; upstreams.py plays it.
FAULTS = ("refused", "restart", "reset_before", "reset_in_head", "reset_in_body", "hang", "drip", "rate", "busy", "garbage", "cut_early", "cut_late", "quota",
          "no_model")


class Pace:
    """How long things take in a run of that length."""

    def __init__(self, seconds):
        long = seconds >= 120
        self.hold = 1.0 if long else 0.4               # what belay's [holds] say
        self.hold_most = 2 * self.hold
        self.attempt = 3.0 if long else 1.5            # attempt_timeout, first_token_timeout, idle_timeout
        self.hang = self.attempt + 4.0                 # then the upstream that hangs resets
        # An upstream counts as healthy once every hold that an earlier fault left has run out, with a second for a loaded machine.
        self.settle = self.hold_most + 1.2
        # A call walks at most two targets that hang before it enters the third.
        self.overlap = self.settle + 2 * self.attempt + (2.0 if long else 0.5)
        self.window = (25.0, 45.0) if long else (9.0, 12.0)
        self.fault = (2.0, 7.0) if long else (0.8, 2.5)
        self.storm = (6.0, 15.0) if long else (3.0, 5.0)      # apart
        self.revoked = (20.0, 40.0) if long else (5.0, 8.0)   # apart


def steady_windows(rng, pace, seconds):
    """[(name, from, to)], each beginning `overlap` before its predecessor ends, and never the same upstream twice in a row."""
    windows, at, last = [], 0.0, None
    while at < seconds:
        name = rng.choice([name for name in NAMES if name != last])
        end = at + rng.uniform(*pace.window)
        windows.append((name, at if windows else -1e9, end))
        last, at = name, end - pace.overlap
    windows[-1] = (*windows[-1][:2], 1e9)
    return windows


def faults_of(rng, pace, name, windows, seconds):
    """[(from, to, fault, share of requests)] outside this upstream's steady windows."""
    out, at, order = [], 0.5, []
    mine = [(a, b) for who, a, b in windows if who == name]
    while at < seconds:
        length = rng.uniform(*pace.fault)
        inside = next((b for a, b in mine if at < b and at + length > a), None)
        if inside is not None:
            at = inside + 0.01
            continue
        if rng.random() < 0.9:
            order = order or rng.sample(FAULTS, len(FAULTS))     # each kind in turn, so that a short run sees many
            fault = order.pop()
            length = min(length, 0.6) if fault == "restart" else length
            out.append((at, at + length, fault, rng.choice([0.4, 0.8, 1.0, 1.0])))
        at += length
    return out


def moments(rng, apart, seconds):
    out, at = [], rng.uniform(*apart)
    while at < seconds:
        out.append(at)
        at += rng.uniform(*apart)
    return out


class Timeline:
    def __init__(self, seed, seconds):
        rng = random.Random(seed)
        self.seed, self.seconds, self.pace = seed, seconds, Pace(seconds)
        self.windows = steady_windows(rng, self.pace, seconds)
        self.faults = {name: faults_of(rng, self.pace, name, self.windows, seconds) for name in NAMES}
        self.storms = moments(rng, self.pace.storm, seconds)              # every access token of `two` is worth nothing from then on
        self.revocations = moments(rng, self.pace.revoked, seconds)       # the first key of `one` is refused until its owner has replaced it
        # The token endpoint fails only while nobody counts on `two`.
        self.token_faults = [(a, b, fault) for a, b, fault, _ in self.faults["two"] if fault in ("busy", "garbage", "rate")]

    def fault_at(self, name, at):
        return next(((fault, share) for a, b, fault, share in self.faults[name] if a <= at < b), None)

    def token_fault_at(self, at):
        return next((fault for a, b, fault in self.token_faults if a <= at < b), None)

    def steady_for(self, chain, begin, end):
        """The upstream of this chain that was healthy during the whole call and the time before it in which holds run out; None: there was none."""
        for name in chain:
            at_fault = any(a < end and b > begin - self.pace.settle for a, b, _, _ in self.faults[name])
            if not at_fault:
                return name
        return None

    def save(self, path):
        path.write_text(json.dumps({"seed": self.seed, "seconds": self.seconds, "steady": self.windows, "faults": self.faults, "storms": self.storms,
                                    "revocations": self.revocations}, indent=1))
