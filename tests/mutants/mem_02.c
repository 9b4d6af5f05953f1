// check: MEM-02
// Keeps a line about every exchange for as long as there is an instance.
#include "good/good.h"

static buffer history;
static int locked, instances;

static void lock(void) {
   while (__atomic_exchange_n(&locked, 1, __ATOMIC_ACQUIRE) != 0) {
   }
}
static void unlock(void) { __atomic_store_n(&locked, 0, __ATOMIC_RELEASE); }

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   const belay_status status = good_create(config, out, error);
   lock();
   instances += status == BELAY_OK;
   unlock();
   return status;
}

static void end(belay_exchange *handle) {
   static const char line[64] = "an exchange";
   lock();
   push(&history, line, sizeof line);
   unlock();
   good_end(handle);
}

static void destroy(belay_instance *instance) {
   good_destroy(instance);
   lock();
   if (--instances == 0) drop(&history);
   unlock();
}

#define CREATE create
#define END end
#define DESTROY destroy
#include "good/tables.h"
