// Compiled with -msse4.2 where the compiler can; called only where the processor can.
#define BELAY_JSON_SCAN_BODY
#include "json_scan.hpp"

namespace belay::json::scan {

bool index_sse42(char* copy, std::size_t, std::size_t depth, Spans& out) { return index_here(copy, depth, out); }

bool has_sse42() {
#ifdef RAPIDJSON_SSE42
  return __builtin_cpu_supports("sse4.2") != 0;
#else
  return false;
#endif
}

}  // namespace belay::json::scan
