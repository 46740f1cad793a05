/* What a C plugin for Cloche depends on: functions for the host, functions of the host, and bincode.
 *
 *   #include "plugin.h"
 *
 *   PLUGIN_SCHEMA("fn add(a: i32, b: i32) -> i32;")
 *   PLUGIN_EXPORT(add, arguments, result) {
 *     int32_t a = plugin_read_i32(arguments);
 *     int32_t b = plugin_read_i32(arguments);
 *     plugin_write_i32(result, a + b);
 *   }
 *
 * Arguments are read one after the other and the result is written, both in bincode. Every read is
 * checked: bytes that do not fit print why to standard error and trap.
 *
 * | in the schema              | here                                                            |
 * |----------------------------|-----------------------------------------------------------------|
 * | u8 to u128, i8 to i128     | plugin_read_u8 …, plugin_write_u8 …                             |
 * | f32, f64, bool             | plugin_read_f64 …, plugin_write_f64 …                           |
 * | char                       | plugin_read_char, plugin_write_char                             |
 * | string                     | plugin_read_text, plugin_write_text                             |
 * | bytes                      | plugin_read_bytes, plugin_write_text                            |
 * | vec, map, set              | plugin_read_length, plugin_write_length, then each item         |
 * | option                     | a bool, then the value if there is one                          |
 * | enum, result               | a u32 that counts the variants from 0, then the variant's fields |
 * | struct, tuple, array       | the fields in order                                             |
 * | duration                   | a u64 of seconds, a u32 of nanoseconds                          |
 * | a resource, borrow         | a u64, see plugin_drop_resource                                 |
 * | ()                         | nothing                                                         |
 *
 * C++ compiles the header too, from C++11 on.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CLOCHE_PLUGIN_H
#define CLOCHE_PLUGIN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Ends the instance: the host finds the message in the error of the call. */
__attribute__((noreturn)) static inline void plugin_fail(const char *message) {
  if (write(STDERR_FILENO, message, strlen(message)) < 0) { /* the trap tells enough */ }
  if (write(STDERR_FILENO, "\n", 1) < 0) { /* the same */ }
  __builtin_trap();
}

/* Memory for `length` bytes at `old`, which may be NULL. Never returns NULL. */
static inline void *plugin_resize(void *old, size_t length) {
  void *resized = realloc(old, length);
  if (resized == NULL) plugin_fail("Cannot allocate: no memory left");
  return resized;
}

/* ---- Reading ---- */

/* Bytes that this side owns, read from front to back. */
typedef struct {
  uint8_t *start;
  size_t length;
  size_t position;
} plugin_reader;

/* A part of a reader's bytes: not terminated, and gone with the reader. */
typedef struct {
  const char *start;
  size_t length;
} plugin_text;

/* The next `length` bytes; they stay where they are. */
static inline const void *plugin_read(plugin_reader *reader, size_t length) {
  if (length > reader->length - reader->position) plugin_fail("Cannot read value: its bytes end early");
  const void *bytes = reader->start + reader->position;
  reader->position += length;
  return bytes;
}

/* How many items follow. `item_bytes` is the least that one takes, 1 or more: a length that cannot be
 * is refused here, so it is safe to allocate for it. */
static inline size_t plugin_read_length(plugin_reader *reader, size_t item_bytes) {
  uint64_t length;
  memcpy(&length, plugin_read(reader, sizeof length), sizeof length);
  if (length > (reader->length - reader->position) / item_bytes) {
    plugin_fail("Cannot read length: more items than bytes for them");
  }
  return (size_t)length;
}

static inline plugin_text plugin_read_bytes(plugin_reader *reader) {
  size_t length = plugin_read_length(reader, 1);
  plugin_text bytes = {(const char *)plugin_read(reader, length), length};
  return bytes;
}

/* Decodes the character that UTF-8 starts with. Returns how many bytes it has, or 0 if it is invalid. */
static inline size_t plugin_decode_char(const char *start, size_t length, uint32_t *character) {
  const uint8_t *bytes = (const uint8_t *)start;
  if (length == 0) return 0;
  size_t size = bytes[0] < 0x80 ? 1 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
  if (size > length || (size > 1 && (bytes[0] < 0xc2 || bytes[0] > 0xf4))) return 0;
  uint32_t decoded = size == 1 ? bytes[0] : bytes[0] & (0x7fu >> size);
  for (size_t index = 1; index < size; index += 1) {
    if ((bytes[index] & 0xc0) != 0x80) return 0;
    decoded = decoded << 6 | (bytes[index] & 0x3fu);
  }
  if ((size == 3 && decoded < 0x800) || (size == 4 && decoded < 0x10000)) return 0;
  if (decoded > 0x10ffff || (decoded >= 0xd800 && decoded < 0xe000)) return 0;
  *character = decoded;
  return size;
}

static inline plugin_text plugin_read_text(plugin_reader *reader) {
  plugin_text text = plugin_read_bytes(reader);
  uint32_t character;
  for (size_t at = 0, size; at < text.length; at += size) {
    size = plugin_decode_char(text.start + at, text.length - at, &character);
    if (size == 0) plugin_fail("Cannot read text: it is not UTF-8");
  }
  return text;
}

/* The text with a zero behind it, to be freed with free. A zero within it ends it early. */
static inline char *plugin_copy_text(plugin_text text) {
  char *copy = (char *)plugin_resize(NULL, text.length + 1);
  memcpy(copy, text.start, text.length);
  copy[text.length] = 0;
  return copy;
}

static inline bool plugin_read_bool(plugin_reader *reader) {
  uint8_t byte = *(const uint8_t *)plugin_read(reader, 1);
  if (byte > 1) plugin_fail("Cannot read bool: neither 0 nor 1");
  return byte == 1;
}

/* Frees a reader that PLUGIN_IMPORT's function returned. Those of PLUGIN_EXPORT free themselves. */
static inline void plugin_close(plugin_reader *reader) {
  if (reader->length > 0) free(reader->start);
  memset(reader, 0, sizeof *reader);
}

/* ---- Writing ---- */

/* Bytes that grow as they are written. `plugin_writer arguments = {0};` is an empty one (`{}` in C++). */
typedef struct {
  uint8_t *start;
  size_t length;
  size_t capacity;
} plugin_writer;

static inline void plugin_write(plugin_writer *writer, const void *bytes, size_t length) {
  if (length > SIZE_MAX / 2 - writer->length) plugin_fail("Cannot write value: too large");
  size_t needed = writer->length + length;
  if (needed > writer->capacity) {
    writer->capacity = needed < 32 ? 64 : needed * 2;
    writer->start = (uint8_t *)plugin_resize(writer->start, writer->capacity);
  }
  if (length > 0) memcpy(writer->start + writer->length, bytes, length);
  writer->length = needed;
}

static inline void plugin_write_length(plugin_writer *writer, uint64_t length) {
  plugin_write(writer, &length, sizeof length);
}

static inline void plugin_write_text(plugin_writer *writer, const char *start, size_t length) {
  plugin_write_length(writer, length);
  plugin_write(writer, start, length);
}

static inline void plugin_write_bool(plugin_writer *writer, bool value) {
  uint8_t byte = value;
  plugin_write(writer, &byte, 1);
}

/* Wasm and bincode are both little-endian, so numbers are copied as they are. */
#define PLUGIN_NUMBER(name, type)                                                   \
  static inline type plugin_read_##name(plugin_reader *reader) {                    \
    type value;                                                                     \
    memcpy(&value, plugin_read(reader, sizeof value), sizeof value);                \
    return value;                                                                   \
  }                                                                                 \
  static inline void plugin_write_##name(plugin_writer *writer, type value) {       \
    plugin_write(writer, &value, sizeof value);                                     \
  }
PLUGIN_NUMBER(u8, uint8_t)
PLUGIN_NUMBER(u16, uint16_t)
PLUGIN_NUMBER(u32, uint32_t)
PLUGIN_NUMBER(u64, uint64_t)
__extension__ PLUGIN_NUMBER(u128, unsigned __int128)
PLUGIN_NUMBER(i8, int8_t)
PLUGIN_NUMBER(i16, int16_t)
PLUGIN_NUMBER(i32, int32_t)
PLUGIN_NUMBER(i64, int64_t)
__extension__ PLUGIN_NUMBER(i128, __int128)
PLUGIN_NUMBER(f32, float)
PLUGIN_NUMBER(f64, double)
#undef PLUGIN_NUMBER

/* A character is its UTF-8 bytes, without a length. */
static inline uint32_t plugin_read_char(plugin_reader *reader) {
  const char *start = (const char *)reader->start + reader->position;
  uint32_t character;
  size_t size = plugin_decode_char(start, reader->length - reader->position, &character);
  if (size == 0) plugin_fail("Cannot read char: it is not UTF-8");
  reader->position += size;
  return character;
}

static inline void plugin_write_char(plugin_writer *writer, uint32_t character) {
  int more = character < 0x80 ? 0 : character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
  uint32_t mark = more == 0 ? 0 : 0xff00u >> (more + 1);
  plugin_write_u8(writer, (uint8_t)(mark | character >> 6 * more));
  for (; more > 0; more -= 1) {
    plugin_write_u8(writer, (uint8_t)(0x80u | (character >> 6 * (more - 1) & 0x3fu)));
  }
}

/* ---- Buffers: who receives one owns it ---- */

/* Gives what was written away, as `(pointer << 32) | length`. */
static inline uint64_t plugin_give(plugin_writer *writer) {
  uint64_t buffer = (uint64_t)(uintptr_t)writer->start << 32 | writer->length;
  if (writer->length == 0) free(writer->start);
  memset(writer, 0, sizeof *writer);
  return buffer;
}

/* Takes a buffer over. An empty one may have any address, also one that is not ours. */
static inline plugin_reader plugin_take(uint64_t buffer) {
  plugin_reader reader = {(uint8_t *)(uintptr_t)(buffer >> 32), (uint32_t)buffer, 0};
  return reader;
}

/* Weak, so that several files of one plugin may include this header. */
__attribute__((weak, export_name("__alloc_buffer"))) uint32_t plugin_alloc_buffer(uint32_t length) {
  return length == 0 ? 0 : (uint32_t)(uintptr_t)plugin_resize(NULL, length);
}

__attribute__((weak, export_name("__free_buffer"))) void plugin_free_buffer(uint64_t buffer) {
  plugin_reader taken = plugin_take(buffer);
  plugin_close(&taken);
}

/* The host sets the stack pointer back with these, after one of its functions failed within a call. */
__attribute__((weak, export_name("_stack_save"))) uint32_t plugin_stack_save(void) {
  uint32_t pointer;
  __asm__ volatile(
      ".globaltype __stack_pointer, i32\n\tglobal.get __stack_pointer\n\tlocal.set %0" : "=r"(pointer));
  return pointer;
}

__attribute__((weak, export_name("_stack_restore"))) void plugin_stack_restore(uint32_t pointer) {
  __asm__ volatile(
      ".globaltype __stack_pointer, i32\n\tlocal.get %0\n\tglobal.set __stack_pointer" : : "r"(pointer));
}

/* ---- Functions ---- */

#ifdef __cplusplus
#define PLUGIN_C extern "C"
#else
#define PLUGIN_C
#endif

/* Starts a function that the host calls: `PLUGIN_EXPORT(name, arguments, result) { … }`, where
 * `arguments` is a plugin_reader * and `result` a plugin_writer *, both this call's. */
#define PLUGIN_EXPORT(name, arguments, result)                                                  \
  static void plugin_answer_##name(plugin_reader *arguments, plugin_writer *result);            \
  PLUGIN_C __attribute__((export_name("__" #name))) uint64_t plugin_export_##name(uint64_t buffer) { \
    plugin_reader reader = plugin_take(buffer);                                                 \
    plugin_writer writer = {NULL, 0, 0};                                                        \
    plugin_answer_##name(&reader, &writer);                                                     \
    plugin_close(&reader);                                                                      \
    return plugin_give(&writer);                                                                \
  }                                                                                             \
  static void plugin_answer_##name(plugin_reader *arguments, plugin_writer *result)

/* Declares `plugin_reader name(plugin_writer *arguments)`, a function of the host. It takes the
 * arguments, and its result is to be closed with plugin_close. */
#define PLUGIN_IMPORT(name)                                                                     \
  PLUGIN_C __attribute__((import_module("env"), import_name("__" #name))) uint64_t              \
      plugin_import_##name(uint64_t buffer);                                                    \
  static inline plugin_reader name(plugin_writer *arguments) {                                  \
    return plugin_take(plugin_import_##name(plugin_give(arguments)));                           \
  }

/* Describes the plugin's functions and types to the host, as docs/schema.md says: string literals with
 * declarations, documentation in lines that start with `///` and end with `\n`.
 *
 *   PLUGIN_SCHEMA(
 *     "/// A point of the plane.\n"
 *     "struct Point { x: f64, y: f64 }")
 *
 * It writes a custom section, for which the attribute `section` is no use before clang 17. */
#define PLUGIN_SCHEMA(...)                                                                      \
  __asm__(".section .custom_section.plugin.schema,\"\",@\n.ascii " #__VA_ARGS__ "\n.ascii \"\\n\"\n.text\n");

/* ---- Resources: objects of the host ---- */

PLUGIN_C __attribute__((import_module("env"), import_name("__drop_resource"))) uint64_t
    plugin_import_drop_resource(uint64_t buffer);

/* Tells the host that a resource which the plugin owns is not needed any more. A resource that was
 * returned, or passed to a host function as what it is, is not owned any more; a `borrow` never is. */
static inline void plugin_drop_resource(uint64_t handle) {
  plugin_writer arguments = {NULL, 0, 0};
  plugin_write_u64(&arguments, handle);
  plugin_reader nothing = plugin_take(plugin_import_drop_resource(plugin_give(&arguments)));
  plugin_close(&nothing);
}

#ifdef __cplusplus
}
#endif

#endif
