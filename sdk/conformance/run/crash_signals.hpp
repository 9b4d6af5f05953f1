// A child that crashes, or is told that its time is over, says where it was: a backtrace into the file of breadcrumbs.
#pragma once

namespace belay::conform {

/// The signal that a child gets when its time is over, before the one that can't be caught.
extern const int time_is_over;

/// Installs handlers for crashes (not where a sanitizer has its own) and for `time_is_over`. `fd` stays open.
void tell_crashes(int fd);

}  // namespace belay::conform
