"""Today's host with one plugin file, against an upstream on loopback."""
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from upstream import Upstream


def run(*command, **more):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=110, stdin=subprocess.DEVNULL, **more)


class Host:
    """The plugin, as acme.so, in a folder of its own."""

    def __init__(self, belay, plugin):
        self.belay, self.work = belay, Path(tempfile.mkdtemp())
        shutil.copy(plugin, self.work / "acme.so")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.work)

    def inspect(self):
        return run(self.belay, "plugins", "inspect", "--json", self.work / "acme.so")

    def config(self, upstream, key):
        self.key(key)
        text = f"""
[host]
plugin_dirs = ["{self.work}"]
trust = "any"
state = "memory:"
[provider.acme]
plugin = "acme"
base_url = "{upstream.origin}/v1"
[[provider.acme.credential]]
id = "main"
type = "api_key"
source = "file:{self.work}/key"
"""
        (self.work / "belay.toml").write_text(text)

    def key(self, key):
        """By rename, as a secret manager does it: whoever reads it meanwhile sees the old or the new."""
        (self.work / "key.new").write_text(key)
        (self.work / "key.new").replace(self.work / "key")

    def call(self, model, *options):
        done = run(self.belay, "call", "--config", self.work / "belay.toml", "--target", f"acme/{model}", "--trace", self.work / "trace", *options, "Hi",
                   env={**os.environ, "HOME": str(self.work)})
        return done, json.loads((self.work / "trace").read_text())


def drive(test, host):
    """Everything that a host does with a plugin, seen from outside: whole and streamed answers, a failure that is classified, a refresh that is refused and
    one that brings a new key."""
    with Upstream("good") as upstream:
        host.config(upstream, "good")
        for options in ([], ["--stream"]):
            done, trace = host.call("m1", *options)
            test.assertEqual((done.returncode, done.stdout.strip()), (0, "Hello"), done.stderr)
            test.assertEqual(trace["outcome"], "ok")
        done, trace = host.call("busy")
        test.assertEqual((done.returncode, trace["reason"]), (3, "rate_limited"), done.stderr)
        host.config(upstream, "stale")
        done, trace = host.call("m1")
        test.assertEqual((done.returncode, trace["attempts"][0]["reason"]), (3, "auth_rejected"), done.stderr)
        test.assertNotEqual(trace["attempts"][0]["refresh"], "none")
    # The key file changes while the first attempt is under way: the plugin's refresh reads it again by the host's service.
    with Upstream("next") as upstream:
        host.config(upstream, "stale")
        original = upstream.server.RequestHandlerClass.do_POST

        def turned(handler):
            host.key("next")  # before the answer: then it is there when the hook looks
            original(handler)

        upstream.server.RequestHandlerClass.do_POST = turned
        done, trace = host.call("m1")
        test.assertEqual((done.returncode, done.stdout.strip()), (0, "Hello"), done.stderr)
        test.assertEqual([(a["reason"], a["refresh"], a["verdict"]) for a in trace["attempts"]],
                         [("auth_rejected", "refreshed", "refresh"), (None, "none", "done")])
        test.assertEqual(upstream.seen, ["Bearer stale", "Bearer next"])
