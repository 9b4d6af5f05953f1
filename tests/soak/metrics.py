"""Prometheus text, as far as this run needs it."""
import re

SAMPLE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


class Metrics:
    def __init__(self, text):
        self.samples = []
        for line in text.splitlines():
            if line and not line.startswith("#"):
                name, labels, value = SAMPLE.match(line).groups()
                self.samples.append((name, dict(LABEL.findall(labels or "")), float(value)))

    def sum(self, name, **labels):
        return sum(value for at, found, value in self.samples if at == name and all(found.get(key) == wanted for key, wanted in labels.items()))

    def by(self, name, label):
        out = {}
        for at, found, value in self.samples:
            if at == name:
                out[found.get(label)] = out.get(found.get(label), 0) + value
        return out
