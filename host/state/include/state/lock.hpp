// Locks on files and on bytes of files that die with their process (open file description locks, Linux 3.15).
//
// Each lock opens its file anew, so two threads of one process exclude each other just like two processes, and closing one descriptor never
// drops another's lock (which is what classic POSIX record locks do).
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/cancel.hpp"
#include "base/file.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace belay::state {

/// Locks one byte of `path` (made with `mode` when absent) exclusively, waiting until `until` or until `cancel` is cancelled. Closing the
/// descriptor unlocks. A child of fork() shares the lock until it closes the descriptor or calls exec. [any thread, blocks]
Result<Fd> lock_byte(const std::filesystem::path& path, std::uint64_t byte, mode_t mode, MonoTime until, const CancelToken& cancel);

/// The same on a file that the caller has just opened for this lock alone, for reading and writing; returns it. [any thread, blocks]
Result<Fd> lock_byte(Fd file, std::uint64_t byte, MonoTime until, const CancelToken& cancel);

/// The byte that stands for `name` in a file of locks: 62 bits of its SHA-256, so that no lock file is needed per name.
std::uint64_t lock_byte_of(std::string_view name);

}  // namespace belay::state
