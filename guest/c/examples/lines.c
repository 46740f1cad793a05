/* A plugin that traps, for the lines in its stack: in a loop with an operation on memory, and below a call
 * into a file with debug information of another version. */

#include "plugin.h"

void fall(const volatile char *row, uint32_t length);

static char row[4096];

__attribute__((noinline)) static void descend(uint32_t depth) {
  for (uint32_t length = 1; length <= depth; length += 1) {
    memset(row, (int)length, length);
    fall(row, depth - length);
  }
}

PLUGIN_SCHEMA("fn trap(depth: u32);")
PLUGIN_EXPORT(trap, arguments, result) {
  descend(plugin_read_u32(arguments));
  plugin_write_u32(result, 0);
}
