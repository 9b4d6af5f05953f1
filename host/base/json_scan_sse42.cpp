// Compiled with -msse4.2 where the compiler can; called only where the processor can.
#include "json_scan_body.hpp"

namespace belay::json::scan {

void index_sse42(Pass& pass) { index_here(pass); }
void build_sse42(Pass& pass, const Events& events) { build_here(pass, events); }

bool has_sse42() {
#ifdef RAPIDJSON_SSE42
  return __builtin_cpu_supports("sse4.2") != 0;
#else
  return false;
#endif
}

}  // namespace belay::json::scan
