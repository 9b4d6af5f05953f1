// check: LOAD-08
// implies: LOAD-02
// link: --no-version-script
// Has a symbol that is unique to the process: all plugins with one of that name share it.
#include "good/tables.h"

__asm__(".data\n"
        ".globl shared_behind_their_backs\n"
        ".type shared_behind_their_backs, %gnu_unique_object\n"
        ".size shared_behind_their_backs, 8\n"
        "shared_behind_their_backs: .quad 0\n"
        ".text\n");
