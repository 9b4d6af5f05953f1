#!/usr/bin/env python3
"""`abi-layout prefix` finds every way to break what is released, and lets through what may come. prefix_test.py ABI_LAYOUT INCLUDE GOLDEN"""
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

LAYOUT, INCLUDE, GOLDEN = sys.argv[1:4]


def verdict(golden):
    done = subprocess.run([LAYOUT, "prefix", GOLDEN, str(golden)], capture_output=True, text=True)
    return done.returncode, done.stderr


class Prefix(unittest.TestCase):
    def setUp(self):
        self.work = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.work)
        self.text = Path(GOLDEN).read_text()

    def changed(self, old, new):
        self.assertTrue(old in self.text, f"the golden text has no {old!r}")
        path = self.work / "layout.txt"
        path.write_text(self.text.replace(old, new, 1))
        return verdict(path)

    def refused(self, old, new, *words):
        status, said = self.changed(old, new)
        self.assertEqual(status, 1, said)
        for word in words:
            self.assertIn(word, said)

    def test_the_same_is_a_prefix_of_itself(self):
        self.assertEqual(self.changed("struct", "struct"), (0, ""))

    def test_a_field_at_the_end_may_come(self):
        self.assertEqual(self.changed("struct belay_head 24 grows\n  size 0 4 uint32_t\n  status 4 4 int32_t\n  headers 8 16 belay_fields\n",
                                      "struct belay_head 32 grows\n  size 0 4 uint32_t\n  status 4 4 int32_t\n  headers 8 16 belay_fields\n  more 24 8 uint64_t\n"),
                         (0, ""))

    def test_a_constant_may_come(self):
        self.assertEqual(self.changed("constant BELAY_OK 0\n", "constant BELAY_OK 0\nconstant BELAY_NEW 7\n"), (0, ""))

    def test_a_field_in_the_middle_may_not(self):
        self.refused("  status 4 4 int32_t\n  headers 8 16 belay_fields\n", "  status 4 4 int32_t\n  more 8 8 uint64_t\n  headers 16 16 belay_fields\n", "P1", "belay_head")

    def test_fields_keep_their_order_name_and_type(self):
        self.refused("  status 4 4 int32_t\n  headers", "  code 4 4 int32_t\n  headers", "P1", "code")
        self.refused("  status 4 4 int32_t\n  headers", "  status 4 4 uint32_t\n  headers", "P1", "uint32_t status")

    def test_a_slot_keeps_its_parameters(self):
        self.refused("void (*)(belay_instance *instance)", "void (*)(belay_instance *instance, uint32_t how)", "P1", "destroy")

    def test_a_slot_may_not_go(self):
        self.refused("  end 64 8 void (*)(belay_exchange *exchange)\n", "", "belay_provider_api")
        last = "  get_extension 88 8 const void * (*)(belay_str id)\n\nstruct belay_hello"
        self.refused(last, "\nstruct belay_hello", "P8", "get_extension")

    def test_a_struct_may_not_go(self):
        self.refused("struct belay_usage 56 grows", "struct belay_tokens 56 grows", "P1", "belay_usage is gone")

    def test_what_has_no_size_never_grows(self):
        self.refused("struct belay_str 16\n  ptr 0 8 const char *\n  len 8 8 uint64_t\n", "struct belay_str 24\n  ptr 0 8 const char *\n  len 8 8 uint64_t\n  more 16 8 uint64_t\n",
                     "P2", "belay_str")

    def test_a_constant_keeps_its_value(self):
        self.refused("constant BELAY_STOP 1\n", "constant BELAY_STOP 2\n", "P1", "BELAY_STOP was 1, is 2")
        self.refused("constant BELAY_STOP 1\n", "", "P1", "BELAY_STOP was 1, is gone")

    def test_the_headers_are_what_is_released_or_grown_from_it(self):
        done = subprocess.run([LAYOUT, "prefix", GOLDEN, "--include", INCLUDE], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_field_moved_in_a_header_is_found(self):
        shutil.copytree(Path(INCLUDE) / "belay", self.work / "belay")
        header = self.work / "belay/event.h"
        header.write_text(header.read_text().replace("   uint32_t flags;\n   uint32_t index;", "   uint32_t index;\n   uint32_t flags;"))
        done = subprocess.run([LAYOUT, "check", "--include", str(self.work)], capture_output=True, text=True)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("belay_event.index must stand at 12", done.stderr)


unittest.main(argv=[sys.argv[0]])
