/* What a C plugin for Cloche depends on: functions for the host, functions of the host, and bincode.
 *
 *   #include "plugin.h"
 *
 *   PLUGIN_EXPORT(add, arguments, result) {
 *     int32_t a = plugin_read_i32(arguments);
 *     int32_t b = plugin_read_i32(arguments);
 *     plugin_write_i32(result, a + b);
 *   }
 *
 * Arguments are read one after the other and the result is written, both in bincode. Every read is
 * checked: bytes that do not fit print why to standard error and trap.
 *
 * | Rust                       | here                                                            |
 * |----------------------------|-----------------------------------------------------------------|
 * | u8 to u64, i8 to i64       | plugin_read_u8 …, plugin_write_u8 …                             |
 * | f32, f64, bool             | plugin_read_f64 …, plugin_write_f64 …                           |
 * | String, PathBuf, Vec<u8>   | plugin_read_text, plugin_write_text                             |
 * | Vec<T>, maps, sets         | plugin_read_length, plugin_write_length, then each item         |
 * | Option<T>                  | a bool, then the value if there is one                          |
 * | an enum, Result            | a u32 that counts the variants from 0, then the variant's fields |
 * | a struct, a tuple, [T; N]  | the fields in order                                             |
 * | ()                         | nothing                                                         |
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

static inline plugin_text plugin_read_text(plugin_reader *reader) {
  size_t length = plugin_read_length(reader, 1);
  return (plugin_text){plugin_read(reader, length), length};
}

static inline bool plugin_read_bool(plugin_reader *reader) {
  uint8_t byte = *(const uint8_t *)plugin_read(reader, 1);
  if (byte > 1) plugin_fail("Cannot read bool: neither 0 nor 1");
  return byte == 1;
}

/* Frees a reader that PLUGIN_IMPORT's function returned. Those of PLUGIN_EXPORT free themselves. */
static inline void plugin_close(plugin_reader *reader) {
  if (reader->length > 0) free(reader->start);
  *reader = (plugin_reader){0};
}

/* ---- Writing ---- */

/* Bytes that grow as they are written. `plugin_writer arguments = {0};` is an empty one. */
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
    writer->start = plugin_resize(writer->start, writer->capacity);
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
  plugin_write(writer, &(uint8_t){value}, 1);
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
PLUGIN_NUMBER(i8, int8_t)
PLUGIN_NUMBER(i16, int16_t)
PLUGIN_NUMBER(i32, int32_t)
PLUGIN_NUMBER(i64, int64_t)
PLUGIN_NUMBER(f32, float)
PLUGIN_NUMBER(f64, double)
#undef PLUGIN_NUMBER

/* ---- Buffers: who receives one owns it ---- */

/* Gives what was written away, as `(pointer << 32) | length`. */
static inline uint64_t plugin_give(plugin_writer *writer) {
  uint64_t buffer = (uint64_t)(uintptr_t)writer->start << 32 | writer->length;
  if (writer->length == 0) free(writer->start);
  *writer = (plugin_writer){0};
  return buffer;
}

/* Takes a buffer over. An empty one may have any address, also one that is not ours. */
static inline plugin_reader plugin_take(uint64_t buffer) {
  return (plugin_reader){(uint8_t *)(uintptr_t)(buffer >> 32), (uint32_t)buffer, 0};
}

/* Weak, so that several files of one plugin may include this header. */
__attribute__((weak, export_name("__alloc_buffer"))) uint32_t plugin_alloc_buffer(uint32_t length) {
  return length == 0 ? 0 : (uint32_t)(uintptr_t)plugin_resize(NULL, length);
}

__attribute__((weak, export_name("__free_buffer"))) void plugin_free_buffer(uint64_t buffer) {
  plugin_reader taken = plugin_take(buffer);
  plugin_close(&taken);
}

/* Starts a function that the host calls: `PLUGIN_EXPORT(name, arguments, result) { … }`, where
 * `arguments` is a plugin_reader * and `result` a plugin_writer *, both this call's. */
#define PLUGIN_EXPORT(name, arguments, result)                                              \
  static void plugin_answer_##name(plugin_reader *arguments, plugin_writer *result);        \
  __attribute__((export_name("__" #name))) uint64_t plugin_export_##name(uint64_t buffer) { \
    plugin_reader reader = plugin_take(buffer);                                             \
    plugin_writer writer = {0};                                                             \
    plugin_answer_##name(&reader, &writer);                                                 \
    plugin_close(&reader);                                                                  \
    return plugin_give(&writer);                                                            \
  }                                                                                         \
  static void plugin_answer_##name(plugin_reader *arguments, plugin_writer *result)

/* Declares `plugin_reader name(plugin_writer *arguments)`, a function of the host. It takes the
 * arguments, and its result is to be closed with plugin_close. */
#define PLUGIN_IMPORT(name)                                                                 \
  __attribute__((import_module("env"), import_name("__" #name))) uint64_t                   \
      plugin_import_##name(uint64_t buffer);                                                \
  static inline plugin_reader name(plugin_writer *arguments) {                              \
    return plugin_take(plugin_import_##name(plugin_give(arguments)));                       \
  }

#endif
