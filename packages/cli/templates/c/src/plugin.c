#include "plugin.h"

PLUGIN_SCHEMA("/// Doubles each number.\n"
              "fn double(x: vec<f64>) -> vec<f64>;")
PLUGIN_EXPORT(double, arguments, result) {
  size_t length = plugin_read_length(arguments, sizeof(double));
  plugin_write_length(result, length);
  for (; length > 0; length -= 1) plugin_write_f64(result, 2 * plugin_read_f64(arguments));
}

PLUGIN_SCHEMA("/// Greets somebody by name.\n"
              "fn greet(name: string) -> string;")
PLUGIN_EXPORT(greet, arguments, result) {
  plugin_text name = plugin_read_text(arguments);
  size_t length = name.length + strlen("Hello, !");
  char *greeting = plugin_resize(NULL, length);
  memcpy(greeting, "Hello, ", 7);
  memcpy(greeting + 7, name.start, name.length);
  greeting[length - 1] = '!';
  plugin_write_text(result, greeting, length);
  free(greeting);
}
