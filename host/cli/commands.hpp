// The rows of the command table, one per cmd_*.cpp.
#pragma once

#include "command.hpp"

namespace belay::cli {

extern const Command call_command;
extern const Command serve_command;
extern const Command explain_command;
extern const Command check_command;
extern const Command plugins_command;
extern const Command plugins_inspect_command;
extern const Command plugins_new_command;
extern const Command status_command;
extern const Command reset_command;
extern const Command credential_refresh_command;
extern const Command credential_login_command;
extern const Command completion_command;
extern const Command help_command;
// For belay itself.
extern const Command refresh_child_command;
extern const Command plugins_try_child_command;
extern const Command words_command;
extern const Command man_command;

}  // namespace belay::cli
