#!/usr/bin/env python3
"""Plugins that are replaced, overwritten, broken and removed under a running gateway that is busy."""

import concurrent.futures
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import time
import signal
import subprocess
import tempfile
import threading
import unittest

from support.gateway import Gateway, Upstreams

streams = int(os.environ.get("BELAY_HELD_STREAMS", "200"))
serves = '"openai" from now on'
kept = 'goes on serving "openai"'
unwatched = "[gateway]\nwatch = false\n"


def versions_of(image):
    """Where its version stands in a plugin's bytes: in its note and in its table."""
    found = json.loads(image[image.index(b'{"id":"dev.belay.openai"') :].split(b"\0")[0])["version"].encode()
    assert image.count(found + b"\0") + image.count(b'"' + found + b'"') >= 2, "the version is not where it was"
    return found


def build(image, number):
    """The same plugin as another build: another version of the same length."""
    version = versions_of(image)
    return image.replace(version, version[:-1] + str(number).encode())


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.upstreams = Upstreams()
        cls.addClassCleanup(cls.upstreams.close)
        cls.original = (pathlib.Path(os.environ["BELAY_PLUGINS"]) / "openai.so").read_bytes()
        cls.crashing = pathlib.Path(os.environ["BELAY_CRASHING_PLUGIN"]).read_bytes()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="belay-plugins-")
        self.addCleanup(folder.cleanup)
        self.plugins = pathlib.Path(folder.name) / "plugins"
        self.plugins.mkdir()
        self.file = self.plugins / "openai.so"
        self.file.write_bytes(self.original)

    def serve(self, more=""):
        gateway = Gateway(self.upstreams, more=more, plugins=self.plugins)
        self.addCleanup(gateway.close)
        return gateway

    def replace(self, content):
        """As a package manager does it."""
        fresh = self.plugins / "openai.so.fresh"
        fresh.write_bytes(content)
        fresh.rename(self.file)

    def overwrite(self, content):
        """As a careless copy does it: the old file's own bytes change, in several steps."""
        with open(self.file, "wb") as out:
            half = len(content) // 2
            out.write(content[:half])
            out.flush()
            out.write(content[half:])

    def ask(self, gateway, stream=False):
        link = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=60)
        with contextlib.closing(link):
            body = {"model": "faults/fine", "stream": stream, "messages": [{"role": "user", "content": "x"}]}
            link.request("POST", "/v1/chat/completions", json.dumps(body), {"Content-Type": "application/json"})
            reply = link.getresponse()
            text = reply.read().decode()
            return reply.status == 200 and "fine" in text and (not stream or text.endswith("data: [DONE]\n\n"))

    def openai(self, gateway):
        """What the gateway says of the plugin; it may be a second old."""
        (row,) = [one for one in gateway.get("/belay/status")["plugins"] if one["type"] == "openai"]
        return row

    def wait_for_status(self, gateway, state, why=""):
        row = {}
        for _ in range(600):
            row = self.openai(gateway)
            if row["state"] == state and why in (row["why"] or ""):
                return row
            threading.Event().wait(0.05)
        self.fail(f"the status never said {state} {why}: {row}")

    def belay(self, gateway, *words):
        return subprocess.run(
            [os.environ["BELAY"], *words, "--config", gateway.file], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
        )

    def listed(self, gateway):
        (row,) = json.loads(self.belay(gateway, "plugins", "--json").stdout)["plugins"]
        return row


class Load(Case):
    def hold(self, gateway):
        """One stream that is held open: its connection and its reply, of which the first event was read."""
        link = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=120)
        self.addCleanup(link.close)
        body = {"model": "faults/held", "stream": True, "messages": [{"role": "user", "content": "x"}]}
        link.request("POST", "/v1/chat/completions", json.dumps(body), {"Content-Type": "application/json"})
        reply = link.getresponse()
        self.assertEqual(reply.status, 200)
        self.assertIn(b"data:", reply.readline())
        return reply

    def test_no_call_is_lost_while_the_plugin_changes(self):
        gateway = self.serve()
        first = self.openai(gateway)
        held = [self.hold(gateway) for _ in range(streams)]
        stop = threading.Event()

        def caller(number):
            answers = []
            while not stop.is_set():
                answers.append(self.ask(gateway, stream=number % 2 == 1))
            return answers

        def change(how, content, words):
            mark = gateway.mark()
            how(content)
            return gateway.wait_for(words, mark, 60)

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            callers = [pool.submit(caller, number) for number in range(4)]
            try:
                change(self.replace, build(self.original, 6), serves)
                change(self.overwrite, build(self.original, 7), serves)
                between = [self.hold(gateway) for _ in range(10)]
                change(self.overwrite, b"no plugin" * 1000, "is no ELF file; ")
                change(self.replace, self.crashing, "while mapping it; ")
                row = self.wait_for_status(gateway, "kept", "while mapping it")
                change(self.replace, build(self.original, 8), serves)
            finally:
                stop.set()
            answers = [one for each in callers for one in each.result()]
        self.assertEqual(answers.count(False), 0)
        self.assertGreater(len(answers), 40)
        self.assertTrue(row["version"].endswith("7"), row)
        last = self.wait_for_status(gateway, "serving")
        self.assertTrue(last["version"].endswith("8"), last)
        self.assertNotEqual(first["build"], last["build"])

        ended = self.upstreams.control("release", "POST")["count"]
        self.assertEqual(ended, streams + 10)
        for reply in held + between:  # begun with one build, and ended with it
            text = reply.read().decode()
            self.assertTrue(text.endswith("data: [DONE]\n\n"), text[-200:])
            self.assertNotIn('"error"', text)


class Files(Case):
    def test_sighup_picks_up_what_nobody_watches(self):
        gateway = self.serve(unwatched)
        mark = gateway.mark()
        self.replace(build(self.original, 6))
        gateway.signal(signal.SIGHUP)
        gateway.wait_for(serves, mark)
        self.assertTrue(self.wait_for_status(gateway, "serving")["version"].endswith("6"))
        self.assertTrue(self.ask(gateway))

    def test_what_went_away_goes_on_and_what_comes_back_is_the_same(self):
        gateway = self.serve()
        before = self.openai(gateway)
        mark = gateway.mark()
        aside = self.plugins / "aside"
        self.file.rename(aside)
        self.assertIn("openai.so is gone", gateway.wait_for(kept, mark))
        self.assertTrue(self.ask(gateway))
        mark = gateway.mark()
        aside.rename(self.file)
        gateway.wait_for("configuration reloaded", mark)
        self.assertEqual(self.wait_for_status(gateway, "serving")["build"], before["build"])

    def test_all_faces_say_the_same_of_a_file_that_crashes(self):
        gateway = self.serve()
        self.assertEqual(self.listed(gateway)["state"], "usable")
        mark = gateway.mark()
        self.replace(self.crashing)
        why = gateway.wait_for(kept, mark)
        row = self.wait_for_status(gateway, "kept", "while mapping it")
        self.assertIn("while mapping it", why)
        listed = self.listed(gateway)
        self.assertEqual(listed["state"], "refused")
        self.assertIn(listed["why"], row["why"])
        checked = self.belay(gateway, "check")
        self.assertEqual(checked.returncode, 2, checked.stdout)
        self.assertIn(listed["why"], checked.stdout)
        mark = gateway.mark()
        self.replace(build(self.original, 6))
        gateway.wait_for(serves, mark)
        self.assertEqual(self.listed(gateway)["state"], "usable")
        self.assertEqual(self.belay(gateway, "check").returncode, 0)

    def soon(self, gateway):
        """Where nothing served before: each worker takes the new build in its own turn, a moment after the log tells of it."""
        until = time.monotonic() + 10
        while not self.ask(gateway):
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def test_a_gateway_starts_beside_a_file_that_crashes(self):
        self.file.write_bytes(self.crashing)
        shutil.copy(pathlib.Path(os.environ["BELAY_PLUGINS"]) / "extractive.so", self.plugins)
        gateway = self.serve()
        gateway.wait_for("while mapping it")
        self.assertEqual(self.openai(gateway)["state"], "refused")
        self.assertFalse(self.ask(gateway))
        mark = gateway.mark()
        self.replace(self.original)
        gateway.wait_for(serves, mark)
        self.assertTrue(self.soon(gateway))

    def test_a_folder_that_is_made_later_is_seen(self):
        later = self.plugins.parent / "later"
        self.plugins.rename(later)
        gateway = self.serve()
        mark = gateway.mark()
        later.rename(self.plugins)
        gateway.wait_for(serves, mark)
        self.assertTrue(self.soon(gateway))


if __name__ == "__main__":
    unittest.main()
