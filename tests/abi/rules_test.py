#!/usr/bin/env python3
"""Every numbered rule of belay/version.h is cited by a check of belay-conform, and every rule that a check cites exists. rules_test.py CONFORM VERSION_H"""
import json
import re
import subprocess
import sys
import unittest

CONFORM, VERSION_H = sys.argv[1:3]


class Rules(unittest.TestCase):
    def setUp(self):
        self.rules = re.findall(r"^ \*   (P\d+) ", open(VERSION_H).read(), re.M)
        listed = subprocess.run([CONFORM, "--list", "--format", "json"], check=True, capture_output=True, text=True).stdout
        self.cited = {}
        for check in json.loads(listed)["checks"]:
            for rule in check["rules"]:
                self.cited.setdefault(rule, []).append(check["id"])

    def test_they_are_numbered_from_one(self):
        self.assertEqual(self.rules, [f"P{n}" for n in range(1, 21)])

    def test_each_is_cited_by_a_check(self):
        self.assertEqual([rule for rule in self.rules if rule not in self.cited], [])

    def test_each_that_is_cited_exists(self):
        self.assertEqual({rule: ids for rule, ids in self.cited.items() if re.fullmatch(r"P\d+", rule) and rule not in self.rules}, {})


unittest.main(argv=[sys.argv[0]])
