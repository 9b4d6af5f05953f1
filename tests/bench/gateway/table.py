"""The Markdown tables."""
import peers
from measure import spread

WHOLE_MAY_COST = 1.15


def number(value):
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def with_unit(value, unit):
    return "-" if value is None else f"{number(value)} {unit}".strip()


def range_of(value):
    return "-" if value is None else f"{value[0]:.2f} [{value[1]:.2f}-{value[2]:.2f}]"


def verdict(value, must, aim, more_is_better=False):
    reached = (lambda goal: value >= goal) if more_is_better else (lambda goal: value <= goal)
    return "aim reached" if reached(aim) else "must reached" if reached(must) else "MISSED"


def line(*cells):
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def main_head():
    line("figure", "belay", "nginx", "haproxy", "peer", "ratio", "must", "aim", "verdict")
    line(*["---"] * 9)


def main_row(figure, series):
    cell = lambda name: with_unit(series.median(name), figure.unit)
    beside = ", ".join(f"{peer.title} {cell(peer.name)}" for peer in peers.ALL if series.median(peer.name) is not None)
    value = figure.value(series)
    told = verdict(value[0], figure.must, figure.aim, figure.more_is_better) if value else "not measured"
    line(figure.title, cell("belay"), cell("nginx"), cell("haproxy"), beside or "-", f"{range_of(value)}{f' / {figure.over}' if figure.over else ''}", figure.must,
         figure.aim, told)


def not_measured(figure, reason):
    line(figure.title, "-", "-", "-", "-", "-", figure.must, figure.aim, f"not measured: {reason}")


def notes(kept, gaps):
    for what, values in kept.items():
        print(f"\n{what}: " + ", ".join(f"{name} {number(spread(each)[0])}" for name, each in values.items()))
    for gap in gaps:
        print(f"\nnot measured: {gap}")


def whole_head():
    print("\nThe whole machine on (a gateway key on every request, traces kept, an access log on disk, metrics scraped each second), against everything off:\n")
    line("figure", "everything off", "whole machine", "ratio", "must", "verdict")
    line(*["---"] * 6)


def whole_row(figure, series):
    # A ratio of ratios would hide what all requests pay: with held streams it is the microseconds that are compared.
    under, over, unit = ("bare held", "whole held", "µs") if series.median("whole held") else ("bare", "whole", figure.unit)
    value = series.ratio(over, under)
    line(figure.title, with_unit(series.median(under), unit), with_unit(series.median(over), unit), range_of(value), WHOLE_MAY_COST,
         verdict(value[0], WHOLE_MAY_COST, 1.0).replace("aim reached", "free").replace("must reached", "reached") if value else "not measured")
