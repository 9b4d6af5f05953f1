"""Rounds: every target once a round, the order turned round each time, so that a drift of the machine meets all alike."""
import statistics

from machine import cpu_ns


class Series:
    """What each target gave in each round."""

    def __init__(self):
        self.rounds = []

    def of(self, name):
        return [round[name] for round in self.rounds if name in round]

    def median(self, name):
        values = self.of(name)
        return statistics.median(values) if values else None

    def ratio(self, over, under):
        """Median, smallest and largest of the ratios taken inside one round."""
        return spread([round[over] / round[under] for round in self.rounds if over in round and under in round and round[under] > 0])


def spread(values):
    return (statistics.median(values), min(values), max(values)) if values else None


def interleave(rounds, targets, once, few=3):
    """`once(target)` for each target and round; None: no figure. A peer, which takes its time, sits out after `few` rounds."""
    series = Series()
    for number in range(rounds):
        order = [target for target in targets if number < few or not hasattr(target, "title")]
        values = {target.name: once(target) for target in (order if number % 2 == 0 else reversed(order))}
        series.rounds.append({name: value for name, value in values.items() if value is not None})
    return series


def cpu_of(target, work):
    """Microseconds of processor time that the target spent on one item of `work()`, which returns how many items there were."""
    before = cpu_ns(target.pid)
    items = work()
    return (cpu_ns(target.pid) - before) / 1000 / items
