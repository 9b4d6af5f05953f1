// The host's side of the ABI: belay_host and what is behind its get_extension().
#pragma once

#include "base/cancel.hpp"
#include "belay/host.h"

/// What a plugin holds as belay_cancel: alive during the call that it came with.
struct belay_cancel {
  belay::CancelToken token;
};

namespace belay::plugins {

/// `static` until the process ends, as every table behind it.
const belay_host& host_table();

const void* json_service();
const void* random_service();
const void* state_service();
const void* http_service();
const void* secret_service();
const void* refresh_service();

}  // namespace belay::plugins
