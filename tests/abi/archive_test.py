#!/usr/bin/env python3
"""What was built against a release of the ABI is driven by today's host, and today's plugins by that release's driver. See archive/README.md.

archive_test.py ARCHIVE_DIR --belay PATH --conform PATH --today PLUGIN.so [--today ...]
"""
import argparse
import re
import sys
import unittest
from pathlib import Path

from host import Host, drive, run

HERE = Path(__file__).resolve().parent
parser = argparse.ArgumentParser()
parser.add_argument("archive", type=Path)
parser.add_argument("--belay", required=True)
parser.add_argument("--conform", required=True)
parser.add_argument("--today", action="append", default=[])
ASKED = parser.parse_args()


def facts(version_h):
    text = version_h.read_text()
    return int(re.search(r"^#define BELAY_ABI_DRAFT (\d+)$", text, re.M).group(1)), re.search(r'^#define BELAY_ABI_HASH "(\w+)"$', text, re.M).group(1)


THEN = facts(ASKED.archive / "include/belay/version.h")
NOW = facts(HERE.parents[1] / "sdk/include/belay/version.h")
# A release counts for ever; a candidate for as long as nothing of it changed.
COUNTS = THEN[0] == 0 or (NOW[0] != 0 and THEN[1] == NOW[1])


class Archived(unittest.TestCase):
    def test_nothing_in_it_was_touched(self):
        done = run("sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS", cwd=ASKED.archive)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_its_driver_and_its_plugin_say_what_they_said(self):
        done = run(ASKED.archive / "driver", ASKED.archive / "acme.so")
        self.assertEqual((done.returncode, done.stdout), (0, (ASKED.archive / "transcript.txt").read_text()))


@unittest.skipUnless(COUNTS, "a candidate whose headers have changed since")
class Counts(unittest.TestCase):
    def test_todays_host_drives_its_plugin(self):
        with Host(ASKED.belay, ASKED.archive / "acme.so") as host:
            self.assertEqual(host.inspect().returncode, 0)
            drive(self, host)

    def test_belay_conform_finds_nothing_wrong_with_its_plugin(self):
        done = run(ASKED.conform, ASKED.archive / "acme.so", "--skip", "fuzz,performance", "--cassettes", HERE.parents[1] / "sdk/template/common/cassettes")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_its_driver_drives_todays_plugins(self):
        self.assertTrue(ASKED.today)
        for plugin in ASKED.today:
            done = run(ASKED.archive / "driver", plugin)
            self.assertEqual((done.returncode, done.stdout), (0, (ASKED.archive / "transcript.txt").read_text()), plugin)


@unittest.skipIf(COUNTS, "it counts")
class CountsNoMore(unittest.TestCase):
    def test_todays_host_refuses_its_plugin_with_one_sentence(self):
        with Host(ASKED.belay, ASKED.archive / "acme.so") as host:
            done = host.inspect()
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertRegex(done.stdout, r"is built against draft [0-9a-f]{12} of belay ABI 1\.0")


unittest.main(argv=[sys.argv[0]])
