// The service manager's protocol: sd_notify(3) without its library.
#pragma once

#include <string_view>

namespace belay::gateway {

/// Tells the service manager, where there is one ("READY=1"). Quietly does nothing otherwise.
void notify_manager(std::string_view message);
/// "RELOADING=1" with the time that Type=notify-reload asks for.
void notify_reloading();

}  // namespace belay::gateway
