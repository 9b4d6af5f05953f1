// The tables of checks. Each is defined in the file of its name and listed once in all.cpp.
#pragma once

#include <span>

#include "check.hpp"

namespace belay::conform {

std::span<const Check> load_checks();      // LOAD-01 .. 11
std::span<const Check> metadata_checks();  // META-01 .. 09
std::span<const Check> lifecycle_checks(); // LIFE-01 .. 10
std::span<const Check> thread_checks();    // THRD-01 .. 06
std::span<const Check> request_checks();   // REQ-01 .. 06
std::span<const Check> stream_checks();    // STRM-01 .. 14
std::span<const Check> error_checks();     // ERR-01 .. 06
std::span<const Check> refresh_checks();   // AUTH-01 .. 13
std::span<const Check> cancel_checks();    // CANC-01 .. 03
std::span<const Check> memory_checks();    // MEM-01 .. 06
std::span<const Check> fuzz_checks();      // FUZZ-01 .. 06
std::span<const Check> performance_checks(); // PERF-01 .. 04

}  // namespace belay::conform
