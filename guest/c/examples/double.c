/* The founding example: doubles every number in a list. */

#include "plugin.h"

PLUGIN_SCHEMA("fn double(numbers: vec<f64>) -> vec<f64>;")
PLUGIN_EXPORT(double, numbers, result) {
  size_t length = plugin_read_length(numbers, sizeof(double));
  plugin_write_length(result, length);
  for (; length > 0; length -= 1) plugin_write_f64(result, 2 * plugin_read_f64(numbers));
}
