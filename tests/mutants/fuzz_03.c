// check: FUZZ-03
// Goes down into nested arrays by recursion, however deep they are.
#include "good/good.h"

static uint64_t __attribute__((noinline)) depth_of(const char *at, const char *end) {
   volatile char level[256]; /* what a parser keeps for each level */
   level[0] = 1;
   return at == end || *at != '[' ? 0 : depth_of(at + 1, end) + (uint64_t)level[0];
}

static belay_status finish(belay_exchange *handle, uint32_t how, const belay_sink *sink, belay_error *error) {
   const buffer *body = &self(handle)->body;
   volatile uint64_t depth = body->len != 0 ? depth_of(body->at, body->at + body->len) : 0;
   (void)depth;
   return good_finish(handle, how, sink, error);
}

#define FINISH finish
#include "good/tables.h"
