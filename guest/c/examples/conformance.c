/* What guest/conformance asks of every SDK, in C. It compiles as C++ too. */

#include "plugin.h"

#include <stdio.h>

/* ---- Values, there and back ---- */

/* `copy_name` reads a value of the type `name` and writes it. */
#define COPY(name) static void copy_##name(plugin_reader *from, plugin_writer *to)

#define COPY_SIMPLE(name)                                            \
  static void copy_##name(plugin_reader *from, plugin_writer *to) { \
    plugin_write_##name(to, plugin_read_##name(from));              \
  }
COPY_SIMPLE(bool)
COPY_SIMPLE(u8)
COPY_SIMPLE(u16)
COPY_SIMPLE(u32)
COPY_SIMPLE(u64)
COPY_SIMPLE(u128)
COPY_SIMPLE(i8)
COPY_SIMPLE(i16)
COPY_SIMPLE(i32)
COPY_SIMPLE(i64)
COPY_SIMPLE(i128)
COPY_SIMPLE(f32)
COPY_SIMPLE(f64)
COPY_SIMPLE(char)

COPY(string) {
  plugin_text text = plugin_read_text(from);
  plugin_write_text(to, text.start, text.length);
}

COPY(bytes) {
  plugin_text bytes = plugin_read_bytes(from);
  plugin_write_text(to, bytes.start, bytes.length);
}

COPY(duration) {
  copy_u64(from, to);
  copy_u32(from, to);
}

/* Of items that take at least `item_bytes` each. */
static void copy_items(
    plugin_reader *from, plugin_writer *to, size_t item_bytes, void (*copy)(plugin_reader *, plugin_writer *)) {
  size_t length = plugin_read_length(from, item_bytes);
  plugin_write_length(to, length);
  for (; length > 0; length -= 1) copy(from, to);
}

COPY(numbers) { copy_items(from, to, 8, copy_f64); }
COPY(floats) { copy_items(from, to, 4, copy_f32); }
COPY(strings) { copy_items(from, to, 8, copy_string); }
COPY(row) { copy_items(from, to, 4, copy_u32); }
COPY(nested) { copy_items(from, to, 8, copy_row); }

COPY(array) {
  for (int index = 0; index < 3; index += 1) copy_i32(from, to);
}

COPY(tuple) {
  copy_u8(from, to);
  copy_string(from, to);
}

COPY(entry) {
  copy_string(from, to);
  copy_u32(from, to);
}

COPY(map) { copy_items(from, to, 12, copy_entry); }

static void copy_if_there(
    plugin_reader *from, plugin_writer *to, void (*copy)(plugin_reader *, plugin_writer *)) {
  bool is_there = plugin_read_bool(from);
  plugin_write_bool(to, is_there);
  if (is_there) copy(from, to);
}

PLUGIN_SCHEMA("/// A point of the plane.\n"
              "struct Point { x: f64, y: f64 }")
COPY(point) {
  copy_f64(from, to);
  copy_f64(from, to);
}

COPY(option) { copy_if_there(from, to, copy_string); }
COPY(option_point) { copy_if_there(from, to, copy_point); }

PLUGIN_SCHEMA("struct Tree { label: string, children: vec<Tree> }")
COPY(tree) {
  copy_string(from, to);
  copy_items(from, to, 16, copy_tree);
}

PLUGIN_SCHEMA("/// A figure.\n"
              "enum Shape {\n"
              "  Circle { center: Point, radius: f64 },\n"
              "  /// Corners, in order.\n"
              "  Polygon { corners: vec<Point> },\n"
              "  Empty,\n"
              "}")
enum shape { CIRCLE, POLYGON, EMPTY };

COPY(shape) {
  uint32_t shape = plugin_read_u32(from);
  plugin_write_u32(to, shape);
  switch (shape) {
    case CIRCLE:
      copy_point(from, to);
      copy_f64(from, to);
      return;
    case POLYGON:
      copy_items(from, to, 16, copy_point);
      return;
    case EMPTY:
      return;
    default:
      plugin_fail("Cannot read shape: no such variant");
  }
}

COPY(shapes) { copy_items(from, to, 4, copy_shape); }

#define ECHO(name, type)                                           \
  PLUGIN_SCHEMA("fn echo_" #name "(value: " type ") -> " type ";") \
  PLUGIN_EXPORT(echo_##name, arguments, result) { copy_##name(arguments, result); }
ECHO(bool, "bool")
ECHO(u8, "u8")
ECHO(u16, "u16")
ECHO(u32, "u32")
ECHO(u64, "u64")
ECHO(u128, "u128")
ECHO(i8, "i8")
ECHO(i16, "i16")
ECHO(i32, "i32")
ECHO(i64, "i64")
ECHO(i128, "i128")
ECHO(f32, "f32")
ECHO(f64, "f64")
ECHO(char, "char")
ECHO(string, "string")
ECHO(bytes, "bytes")
ECHO(duration, "duration")
ECHO(numbers, "vec<f64>")
ECHO(floats, "f32Array")
ECHO(strings, "vec<string>")
ECHO(nested, "vec<vec<u32>>")
ECHO(array, "array<i32, 3>")
ECHO(tuple, "(u8, string)")
ECHO(option, "option<string>")
ECHO(option_point, "option<Point>")
ECHO(map, "map<string, u32>")
ECHO(point, "Point")
ECHO(tree, "Tree")
ECHO(shape, "Shape")
ECHO(shapes, "vec<Shape>")

PLUGIN_SCHEMA("fn echo_set(value: set<string>) -> set<string>;")
PLUGIN_EXPORT(echo_set, arguments, result) { copy_strings(arguments, result); }

PLUGIN_SCHEMA("/// Does nothing.\n"
              "fn nothing();")
PLUGIN_EXPORT(nothing, arguments, result) {
  (void)arguments;
  (void)result;
}

PLUGIN_SCHEMA("/// Joins words. Of several parameters.\n"
              "fn join(words: vec<string>, separator: string) -> string;")
PLUGIN_EXPORT(join, arguments, result) {
  size_t length = plugin_read_length(arguments, 8);
  plugin_text *words = (plugin_text *)plugin_resize(NULL, (length + 1) * sizeof *words);
  for (size_t index = 0; index < length; index += 1) words[index] = plugin_read_text(arguments);
  plugin_text separator = plugin_read_text(arguments);
  uint64_t bytes = length > 0 ? separator.length * (length - 1) : 0;
  for (size_t index = 0; index < length; index += 1) bytes += words[index].length;
  plugin_write_length(result, bytes);
  for (size_t index = 0; index < length; index += 1) {
    if (index > 0) plugin_write(result, separator.start, separator.length);
    plugin_write(result, words[index].start, words[index].length);
  }
  free(words);
}

static void write_string(plugin_writer *result, const char *text) {
  plugin_write_text(result, text, strlen(text));
}

PLUGIN_SCHEMA("/// The quotient; \"division by zero\" where b is 0.\n"
              "fn divide(a: f64, b: f64) -> result<f64, string>;")
PLUGIN_EXPORT(divide, arguments, result) {
  double a = plugin_read_f64(arguments);
  double b = plugin_read_f64(arguments);
  plugin_write_u32(result, b == 0);
  if (b == 0) {
    write_string(result, "division by zero");
  } else {
    plugin_write_f64(result, a / b);
  }
}

/* ---- Functions of the host ---- */

PLUGIN_SCHEMA("import fn run(command: string) -> bytes;")
PLUGIN_IMPORT(run)

PLUGIN_SCHEMA("import fn scale(point: Point, factor: f64) -> Point;")
PLUGIN_IMPORT(scale)

PLUGIN_SCHEMA("/// What the host function `run` answers.\n"
              "fn ask(command: string) -> bytes;")
PLUGIN_EXPORT(ask, arguments, result) {
  plugin_writer request = {0};
  copy_string(arguments, &request);
  plugin_reader answer = run(&request);
  copy_bytes(&answer, result);
  plugin_close(&answer);
}

PLUGIN_SCHEMA("/// What the host function `scale` answers.\n"
              "fn scaled(point: Point, factor: f64) -> Point;")
PLUGIN_EXPORT(scaled, arguments, result) {
  plugin_writer request = {0};
  copy_point(arguments, &request);
  copy_f64(arguments, &request);
  plugin_reader answer = scale(&request);
  copy_point(&answer, result);
  plugin_close(&answer);
}

/* ---- Files, streams and failures ---- */

/* Writes all that is left of a file, as a string. */
static void write_rest(FILE *file, plugin_writer *result) {
  plugin_writer rest = {0};
  char chunk[4096];
  for (size_t length; (length = fread(chunk, 1, sizeof chunk, file)) > 0;) {
    plugin_write(&rest, chunk, length);
  }
  plugin_write_text(result, (const char *)rest.start, rest.length);
  free(rest.start);
}

/* Opens the file of that name, or fails. */
static FILE *open_file(plugin_text name, const char *mode) {
  char *path = plugin_copy_text(name);
  FILE *file = fopen(path, mode);
  if (file == NULL) plugin_fail("Cannot open the file");
  free(path);
  return file;
}

PLUGIN_SCHEMA("/// The content of a file as text. Fails as `fail` does, where there is none.\n"
              "fn read_file(path: string) -> string;")
PLUGIN_EXPORT(read_file, arguments, result) {
  FILE *file = open_file(plugin_read_text(arguments), "r");
  write_rest(file, result);
  fclose(file);
}

PLUGIN_SCHEMA("fn write_file(path: string, text: string);")
PLUGIN_EXPORT(write_file, arguments, result) {
  (void)result;
  FILE *file = open_file(plugin_read_text(arguments), "w");
  plugin_text text = plugin_read_text(arguments);
  size_t written = fwrite(text.start, 1, text.length, file);
  if (fclose(file) != 0 || written != text.length) plugin_fail("Cannot write the file");
}

PLUGIN_SCHEMA("/// All that is left of standard input, as text.\n"
              "fn read_input() -> string;")
PLUGIN_EXPORT(read_input, arguments, result) {
  (void)arguments;
  write_rest(stdin, result);
}

PLUGIN_SCHEMA("/// Writes to standard output and to standard error, without a line end.\n"
              "fn print(output: string, error: string);")
PLUGIN_EXPORT(print, arguments, result) {
  (void)result;
  plugin_text output = plugin_read_text(arguments);
  plugin_text error = plugin_read_text(arguments);
  fwrite(output.start, 1, output.length, stdout);
  fflush(stdout);
  fwrite(error.start, 1, error.length, stderr);
}

PLUGIN_SCHEMA("/// Fails as the language does: a panic, an exception. The message reaches standard error.\n"
              "fn fail(message: string);")
PLUGIN_EXPORT(fail, arguments, result) {
  (void)result;
  plugin_fail(plugin_copy_text(plugin_read_text(arguments)));
}

PLUGIN_SCHEMA("/// Never ends.\n"
              "fn spin();")
PLUGIN_EXPORT(spin, arguments, result) {
  (void)arguments;
  (void)result;
  for (volatile int turns = 0;; turns = !turns) { /* volatile, or C++ may end it */ }
}

/* ---- Texts that stay on the page, by handles ---- */

PLUGIN_SCHEMA("resource Rope;")

PLUGIN_SCHEMA("/// The length of a rope in characters.\n"
              "import fn rope_length(text: borrow<Rope>) -> u64;")
PLUGIN_IMPORT(rope_length)

PLUGIN_SCHEMA("/// The characters from start to end, or to the rope's end.\n"
              "import fn rope_slice(text: borrow<Rope>, start: u64, end: u64) -> string;")
PLUGIN_IMPORT(rope_slice)

enum { CHUNK = 1000 };

/* The rope that the plugin owns, or 0. */
static uint64_t kept;

static uint64_t length_of(uint64_t rope) {
  plugin_writer request = {0};
  plugin_write_u64(&request, rope);
  plugin_reader answer = rope_length(&request);
  uint64_t length = plugin_read_u64(&answer);
  plugin_close(&answer);
  return length;
}

static void drop_kept(void) {
  if (kept != 0) plugin_drop_resource(kept);
  kept = 0;
}

PLUGIN_SCHEMA("/// Counts the line ends of a rope, by chunks of 1000 characters.\n"
              "fn count_lines(text: borrow<Rope>) -> u64;")
PLUGIN_EXPORT(count_lines, arguments, result) {
  uint64_t rope = plugin_read_u64(arguments);
  uint64_t length = length_of(rope);
  uint64_t lines = 0;
  for (uint64_t start = 0; start < length; start += CHUNK) {
    plugin_writer request = {0};
    plugin_write_u64(&request, rope);
    plugin_write_u64(&request, start);
    plugin_write_u64(&request, start + CHUNK);
    plugin_reader answer = rope_slice(&request);
    plugin_text chunk = plugin_read_text(&answer);
    for (size_t at = 0; at < chunk.length; at += 1) lines += chunk.start[at] == '\n';
    plugin_close(&answer);
  }
  plugin_write_u64(result, lines);
}

PLUGIN_SCHEMA("/// Keeps a rope, and drops what was kept before.\n"
              "fn keep(text: Rope);")
PLUGIN_EXPORT(keep, arguments, result) {
  (void)result;
  drop_kept();
  kept = plugin_read_u64(arguments);
}

PLUGIN_SCHEMA("/// The length of the rope that was kept.\n"
              "fn kept_length() -> option<u64>;")
PLUGIN_EXPORT(kept_length, arguments, result) {
  (void)arguments;
  plugin_write_bool(result, kept != 0);
  if (kept != 0) plugin_write_u64(result, length_of(kept));
}

PLUGIN_SCHEMA("/// Drops what was kept.\n"
              "fn release();")
PLUGIN_EXPORT(release, arguments, result) {
  (void)arguments;
  (void)result;
  drop_kept();
}

PLUGIN_SCHEMA("/// Gives back what was kept, which it then keeps no longer.\n"
              "fn give_back() -> option<Rope>;")
PLUGIN_EXPORT(give_back, arguments, result) {
  (void)arguments;
  plugin_write_bool(result, kept != 0);
  if (kept != 0) plugin_write_u64(result, kept);
  kept = 0;
}
