"""Whether a figure stays flat: Theil and Sen's slope, which a few odd samples don't move."""
import statistics

# A leak of 32 bytes a request would be 230 KB a minute at 120 requests a second; what malloc's arenas still settle after the warm-up was seen to be below
# a third of that. A descriptor lost in each of the reloads, faults or departures that come several times a minute is well above one in two minutes.
MOST_KB_A_MINUTE = 128.0
MOST_DESCRIPTORS_A_MINUTE = 0.5
# Kept connections come and go with what happens to be under way at once; those of a generation that nobody closed would be several with every reload.
MOST_SOCKETS_A_MINUTE = 1.0
MOST_THREADS_A_MINUTE = 0.1
# Pools of the whole process that grow on demand and stay: 4 threads write /metrics and the like, 16 look up names.
SPARE_THREADS = 20
# Also in a run that is too short for slopes: bodies of the largest requests (2 MB each) that are kept instead of let go are soon more than that.
MOST_KB_GROWN = 65536


def slope(points):
    """Per minute, of [(seconds, value)]: the median of the slopes of all pairs that lie at least a fifth of the span apart."""
    if len(points) < 3:
        return 0.0
    apart = (points[-1][0] - points[0][0]) / 5
    slopes = [(b - a) / (t - s) for i, (s, a) in enumerate(points) for t, b in points[i + 1:] if t - s >= apart]
    return 60 * statistics.median(slopes) if slopes else 0.0


def grew(points, most_a_minute):
    """True when it grew by more than that a minute, and over the whole run by more than it goes up and down anyway (the middle half of its values): what
    grows steadily has its middle half within half of the growth, however noisy the rest."""
    if len(points) < 8:
        return False
    grown = slope(points) * (points[-1][0] - points[0][0]) / 60
    low, _, high = statistics.quantiles([value for _, value in points], n=4)
    return slope(points) > most_a_minute and grown > high - low


def floor(points):
    """The least of each minute. Large bodies under way come and go with megabytes; a leak lifts what is there between them too."""
    least = {}
    for at, value in points:
        least[int(at // 60)] = min(least.get(int(at // 60), (value, at)), (value, at))
    return [(at, value) for value, at in least.values()]


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")
