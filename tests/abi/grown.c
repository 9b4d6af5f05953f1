/* The template's provider as an author of a later minor would build it: it fills the new slot, and looks at what is new only where it is there. */
#define belay_plugin_entry_v1 entry_of_the_template
#include "acme.c"
#undef belay_plugin_entry_v1

static belay_status warm_up(belay_instance *instance) {
   (void)instance;
   return BELAY_HAS(host, belay_host, grown) && host->grown != NULL ? (belay_status)host->grown() : BELAY_ERR_UNSUPPORTED;
}

static belay_provider_api grown_api;
static belay_plugin grown_plugin;
static const belay_provider_api *grown_api_at(uint32_t index) { return index == 0 ? &grown_api : NULL; }

BELAY_EXPORT belay_status belay_plugin_entry_v1(const belay_hello *hello, const belay_plugin **out, belay_error *error) {
   const belay_status status = entry_of_the_template(hello, out, error);
   if (status != BELAY_OK) return status;
   if (grown_plugin.size == 0) {
      grown_api = api;
      grown_api.warm_up = warm_up;
      grown_plugin = plugin;
      grown_plugin.api = grown_api_at;
   }
   *out = &grown_plugin;
   return BELAY_OK;
}
