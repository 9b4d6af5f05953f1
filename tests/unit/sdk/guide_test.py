#!/usr/bin/env python3
"""Every piece of code in the authors' guide is code: C, C++ and Rust compile without a warning, TOML and JSON are read. The commands and the CMake are for
tests/consumer, which runs them. guide_test.py GUIDE SDK CC CXX [RUSTC]
"""
import json
import re
import subprocess
import sys
import tempfile
import tomllib
import unittest
from pathlib import Path

GUIDE, SDK = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
CC, CXX = sys.argv[3:5]
RUSTC = sys.argv[5] if len(sys.argv) > 5 else None
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", GUIDE.read_text(), flags=re.M | re.S)
ELSEWHERE = {"sh", "cmake"}


class Guide(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.work = tempfile.TemporaryDirectory()
        self.addCleanup(self.work.cleanup)

    def blocks(self, language):
        found = [text for kind, text in BLOCKS if kind == language]
        self.assertTrue(found, f"the guide has no {language}")
        return found

    def compiled(self, text, name, *command):
        source = Path(self.work.name) / name
        source.write_text(text)
        done = subprocess.run([*command, str(source)], capture_output=True, text=True, cwd=self.work.name)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_no_block_is_left_out(self):
        self.assertEqual({kind for kind, _ in BLOCKS} - {"c", "cpp", "rust", "json", "toml"} - ELSEWHERE, set())

    def test_c(self):
        for text in self.blocks("c"):
            self.compiled(text, "guide.c", CC, "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", f"-I{SDK}/include", "-c", "-o", "guide.o")

    def test_cpp(self):
        for text in self.blocks("cpp"):
            self.compiled(text, "guide.cpp", CXX, "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Werror", f"-I{SDK}/include", '-DBELAY_MODULE_ID="org.example.guide"',
                          '-DBELAY_MODULE_VERSION="1.0.0"', "-c", "-o", "guide.o")

    @unittest.skipIf(RUSTC is None, "no rustc")
    def test_rust(self):
        rlib = Path(self.work.name) / "libbelay.rlib"
        subprocess.run([RUSTC, "--edition", "2021", "-D", "warnings", "--crate-type", "rlib", "--crate-name", "belay", "-o", str(rlib), str(SDK / "rust/src/lib.rs")], check=True)
        for text in self.blocks("rust"):
            self.compiled(text, "guide.rs", RUSTC, "--edition", "2021", "-D", "warnings", "--crate-type", "cdylib", "--extern", f"belay={rlib}", "-o", "guide.so")

    def test_json(self):
        for text in self.blocks("json"):
            self.assertEqual(json.loads(text)["version"], 1)

    def test_toml(self):
        for text in self.blocks("toml"):
            self.assertIn("provider", tomllib.loads(text))


unittest.main(argv=[sys.argv[0]])
