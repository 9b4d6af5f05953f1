// check: AUTH-02
// Takes note of a credential's secret when it is refreshed, that is of the old one, and sends that from then on.
#include <pthread.h>

#include "good/good.h"

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static char id[64], secret[256];
static uint64_t id_len, secret_len;

static belay_status renew(belay_instance *instance, const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink, belay_error *error) {
   const belay_str was = field_value(in->fields, "secret");
   pthread_mutex_lock(&guard);
   id_len = in->id.len < sizeof id ? in->id.len : 0;
   memcpy(id, in->id.ptr, (size_t)id_len);
   secret_len = was.len < sizeof secret ? was.len : 0;
   memcpy(secret, was.ptr, (size_t)secret_len);
   pthread_mutex_unlock(&guard);
   return good_refresh_credentials(instance, in, out, sink, error);
}

static belay_status begin(belay_instance *instance, const belay_request *request, const belay_credential *credential, belay_exchange **out, belay_error *error) {
   static __thread belay_credential mine;
   static __thread belay_field field;
   static __thread char value[sizeof secret];
   pthread_mutex_lock(&guard);
   if (credential != NULL && secret_len != 0 && credential->id.len == id_len && memcmp(credential->id.ptr, id, (size_t)id_len) == 0) {
      memcpy(value, secret, (size_t)secret_len);
      field = (belay_field){STATIC_TEXT("secret"), {value, secret_len}, BELAY_SECRET, 0};
      mine = *credential;
      mine.fields = (belay_fields){&field, 1, sizeof field};
      credential = &mine;
   }
   pthread_mutex_unlock(&guard);
   return good_begin(instance, request, credential, out, error);
}

#define BEGIN begin
#define REFRESH_CREDENTIALS renew
#include "good/tables.h"
