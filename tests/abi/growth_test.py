#!/usr/bin/env python3
"""The ABI can grow: with headers that are a minor later (tests/abi/grow), a newer host drives older plugins, an older host newer ones, and one that says it
needs the newer host is refused with a sentence.

growth_test.py --belay PATH --conform PATH --cc COMPILER --cxx COMPILER [--today PLUGIN.so ...]
"""
import argparse
import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

from host import Host, drive, run

HERE = Path(__file__).resolve().parent
SDK = HERE.parents[1] / "sdk"
TEMPLATE = SDK / "template/c"
parser = argparse.ArgumentParser()
parser.add_argument("--belay", required=True)
parser.add_argument("--conform", required=True)
parser.add_argument("--cc", default="cc")
parser.add_argument("--cxx", default="c++")
parser.add_argument("--today", action="append", default=[])
ASKED = parser.parse_args()
WORK = Path(tempfile.mkdtemp())
LATER = WORK / "later"


def plugin(name, include, sources, extra=""):
    done = run(HERE / "build-plugin", include, WORK / name, *sources, env={**os.environ, "CC": ASKED.cc, "EXTRA": f"-I{TEMPLATE} {extra}"})
    if done.returncode != 0:
        sys.exit(done.stderr)
    return WORK / name


def driver(name, include, *flags):
    done = run(ASKED.cc, "-std=c11", "-O1", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", f"-I{include}", *flags, HERE / "driver.c", "-o", WORK / name)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return WORK / name


def setUpModule():
    grown = run(HERE / "grow", SDK / "include", LATER)
    if grown.returncode != 0:
        sys.exit(grown.stderr)
    global OLD_PLUGIN, NEW_PLUGIN, NEEDS_NEW_HOST, OLD_HOST, NEW_HOST
    OLD_PLUGIN = plugin("old.so", SDK / "include", [TEMPLATE / "acme.c", TEMPLATE / "reply.c"])
    NEW_PLUGIN = plugin("new.so", LATER, [HERE / "grown.c", TEMPLATE / "reply.c"])
    NEEDS_NEW_HOST = plugin("needs.so", LATER, [HERE / "grown.c", TEMPLATE / "reply.c"], "-DBELAY_MIN_HOST_MINOR=1")
    OLD_HOST, NEW_HOST = driver("old", SDK / "include"), driver("new", LATER, "-DGROWN")


def tearDownModule():
    shutil.rmtree(WORK)


class Growth(unittest.TestCase):
    def setUp(self):
        self.transcript = run(OLD_HOST, OLD_PLUGIN).stdout
        self.assertTrue(self.transcript.endswith("driven\n"), self.transcript)

    def test_the_later_headers_have_the_released_ones_as_their_prefix(self):
        done = run(SDK / "cmake/abi-layout", "prefix", HERE / "layout-1.0.txt", "--include", LATER)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_newer_host_drives_older_plugins(self):
        for old in [OLD_PLUGIN, *ASKED.today]:
            done = run(NEW_HOST, old)
            self.assertEqual((done.returncode, done.stdout), (0, self.transcript), old)
            self.assertNotIn("warm_up", done.stderr)

    def test_a_newer_host_finds_the_new_slot_of_a_newer_plugin(self):
        done = run(NEW_HOST, NEW_PLUGIN)
        self.assertEqual((done.returncode, done.stdout), (0, self.transcript))
        self.assertIn("warm_up: 11", done.stderr)

    def test_an_older_host_drives_a_newer_plugin(self):
        done = run(OLD_HOST, NEW_PLUGIN)
        self.assertEqual((done.returncode, done.stdout), (0, self.transcript))

    def test_today_s_host_drives_a_newer_plugin(self):
        with Host(ASKED.belay, NEW_PLUGIN) as host:
            done = host.inspect()
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertIn('"1.1', done.stdout)
            drive(self, host)

    def test_belay_conform_finds_nothing_wrong_with_a_newer_plugin(self):
        done = run(ASKED.conform, NEW_PLUGIN, "--skip", "fuzz,performance", "--cassettes", SDK / "template/common/cassettes")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_plugin_that_needs_the_newer_host_is_refused(self):
        done = run(OLD_HOST, NEEDS_NEW_HOST)
        self.assertEqual((done.returncode, done.stdout), (1, "refused: it needs a host of ABI 1.1, this one is 1.0\n"))
        self.assertEqual(run(NEW_HOST, NEEDS_NEW_HOST).returncode, 0)
        with Host(ASKED.belay, NEEDS_NEW_HOST) as host:
            done = host.inspect()
            self.assertEqual(done.returncode, 2)
            self.assertIn("needs a host of belay ABI 1.1 or later, this host speaks 1.0", done.stdout)

    def test_the_cpp_sdk_builds_with_the_later_headers(self):
        done = run(ASKED.cxx, "-std=c++20", "-Wall", "-Wextra", "-Werror", f"-I{LATER}", '-DBELAY_MODULE_ID="org.example.acme"', '-DBELAY_MODULE_VERSION="0.1.0"',
                   "-fsyntax-only", SDK / "template/cpp/acme.cpp")
        self.assertEqual(done.returncode, 0, done.stderr)


unittest.main(argv=[sys.argv[0]])
