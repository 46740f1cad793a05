/* The smallest plugin for an editor: see docs/editors.md. It reads the document from a file. */

#include "plugin.h"

#include <stdio.h>

static void write_string(plugin_writer *result, const char *text) {
  plugin_write_text(result, text, strlen(text));
}

PLUGIN_SCHEMA("struct Diagnostic { start: u32, end: u32, severity: string, message: string, code: string }\n"
              "/// Marks what is still to be done.\n"
              "fn diagnose(path: string) -> vec<Diagnostic>;")
PLUGIN_EXPORT(diagnose, arguments, result) {
  plugin_text path = plugin_read_text(arguments);
  char name[256];
  snprintf(name, sizeof name, "%.*s", (int)path.length, path.start);
  FILE *file = fopen(name, "r");
  if (file == NULL) plugin_fail("Cannot open the document");

  plugin_writer found = {0};
  uint64_t count = 0;
  uint32_t last = 0, end = 0;
  for (int next; (next = fgetc(file)) != EOF;) {
    end += 1;
    last = last << 8 | (uint32_t)next;
    if (last != ('T' << 24 | 'O' << 16 | 'D' << 8 | 'O')) continue;
    count += 1;
    plugin_write_u32(&found, end - 4);
    plugin_write_u32(&found, end);
    write_string(&found, "info");
    write_string(&found, "This is still to be done");
    write_string(&found, "todo");
  }
  fclose(file);
  plugin_write_length(result, count);
  plugin_write(result, found.start, found.length);
  free(found.start);
}
