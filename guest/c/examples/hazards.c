/* A plugin for an editor that fails on request: the words below, in the document, tell it how. */

#include "plugin.h"

PLUGIN_SCHEMA("struct FormatOptions { indent: string, line_width: u32 }\n"
              "struct Edit { start: u32, end: u32, text: string }\n"
              "struct Diagnostic { start: u32, end: u32, severity: string, message: string, code: string }\n"
              "struct Completion { label: string, kind: string, detail: string, insert: string }\n"
              "struct Completions { start: u32, end: u32, items: vec<Completion> }\n"
              "struct Hover { start: u32, end: u32, text: string }")

typedef struct {
  const char *word;
  const char *meaning;
} hazard;

enum { HANG, CRASH, LIE, FLOOD, HAZARDS };

static const hazard HAZARD[HAZARDS] = {
    [HANG] = {"hang!", "Loops without an end"},
    [CRASH] = {"crash!", "Traps"},
    [LIE] = {"lie!", "Answers with offsets outside of the text"},
    [FLOOD] = {"flood!", "Answers with a message of a megabyte"},
};

/* The place of a word in a text from an offset on, or the text's length. */
static size_t find(plugin_text text, const char *word, size_t from) {
  size_t length = strlen(word);
  for (; from + length <= text.length; from += 1) {
    if (memcmp(text.start + from, word, length) == 0) return from;
  }
  return text.length;
}

static bool has(plugin_text text, int each) {
  return find(text, HAZARD[each].word, 0) < text.length;
}

/* Does what the words in the text ask for, if it does not return. */
static void obey(plugin_text text) {
  if (has(text, CRASH)) plugin_fail("The document said crash!");
  if (has(text, HANG)) {
    for (volatile bool is_endless = true; is_endless;) {}
  }
}

static void write_string(plugin_writer *result, const char *text) {
  plugin_write_text(result, text, strlen(text));
}

static void write_range(plugin_writer *result, size_t start, size_t end) {
  plugin_write_u32(result, (uint32_t)start);
  plugin_write_u32(result, (uint32_t)end);
}

static void write_diagnostic(plugin_writer *result, size_t start, size_t end, const char *message) {
  write_range(result, start, end);
  write_string(result, "warning");
  write_string(result, message);
  write_string(result, "hazard");
}

PLUGIN_SCHEMA("/// Marks the words that make this plugin fail, and fails.\n"
              "fn diagnose(text: string) -> vec<Diagnostic>;")
PLUGIN_EXPORT(diagnose, arguments, result) {
  plugin_text text = plugin_read_text(arguments);
  obey(text);
  plugin_writer found = {0};
  uint64_t count = 0;
  for (int each = 0; each < HAZARDS; each += 1) {
    size_t length = strlen(HAZARD[each].word);
    for (size_t at = 0; (at = find(text, HAZARD[each].word, at)) < text.length; at += length) {
      write_diagnostic(&found, at, at + length, HAZARD[each].meaning);
      count += 1;
    }
  }
  if (has(text, LIE)) {
    write_diagnostic(&found, UINT32_MAX, 0, "This one has an impossible place");
    count += 1;
  }
  if (has(text, FLOOD)) {
    enum { LENGTH = 1 << 20 };
    char *message = plugin_resize(NULL, LENGTH);
    memset(message, '~', LENGTH - 1);
    message[LENGTH - 1] = 0;
    write_diagnostic(&found, 0, text.length, message);
    free(message);
    count += 1;
  }
  plugin_write_length(result, count);
  plugin_write(result, found.start, found.length);
  free(found.start);
}

PLUGIN_SCHEMA("/// Takes the spaces from the ends of lines. With lie!, answers with edits that overlap.\n"
              "fn format(text: string, options: FormatOptions) -> result<vec<Edit>, string>;")
PLUGIN_EXPORT(format, arguments, result) {
  plugin_text text = plugin_read_text(arguments);
  obey(text);
  plugin_writer edits = {0};
  uint64_t count = 0;
  size_t spaces = 0;
  for (size_t at = 0; at <= text.length; at += 1) {
    bool is_end = at == text.length || text.start[at] == '\n';
    if (is_end && spaces > 0) {
      write_range(&edits, at - spaces, at);
      write_string(&edits, "");
      count += 1;
    }
    spaces = !is_end && text.start[at] == ' ' ? spaces + 1 : 0;
  }
  if (has(text, LIE)) {
    for (int each = 0; each < 2; each += 1) {
      write_range(&edits, 0, text.length);
      write_string(&edits, "All of this is gone");
      count += 1;
    }
  }
  plugin_write_u32(result, 0);
  plugin_write_length(result, count);
  plugin_write(result, edits.start, edits.length);
  free(edits.start);
}

PLUGIN_SCHEMA("/// The words that make this plugin fail.\n"
              "fn complete(text: string, offset: u32) -> Completions;")
PLUGIN_EXPORT(complete, arguments, result) {
  plugin_text text = plugin_read_text(arguments);
  uint32_t offset = plugin_read_u32(arguments);
  if (offset > text.length) plugin_fail("The offset is outside of the text");
  size_t start = offset;
  while (start > 0 && text.start[start - 1] >= 'a' && text.start[start - 1] <= 'z') start -= 1;
  write_range(result, start, offset);
  plugin_write_length(result, HAZARDS);
  for (int each = 0; each < HAZARDS; each += 1) {
    write_string(result, HAZARD[each].word);
    write_string(result, "keyword");
    write_string(result, HAZARD[each].meaning);
    write_string(result, "");
  }
}

PLUGIN_SCHEMA("/// What the word at an offset does.\n"
              "fn hover(text: string, offset: u32) -> option<Hover>;")
PLUGIN_EXPORT(hover, arguments, result) {
  plugin_text text = plugin_read_text(arguments);
  uint32_t offset = plugin_read_u32(arguments);
  for (int each = 0; each < HAZARDS; each += 1) {
    size_t length = strlen(HAZARD[each].word);
    for (size_t at = 0; (at = find(text, HAZARD[each].word, at)) < text.length; at += length) {
      if (offset < at || offset > at + length) continue;
      plugin_write_bool(result, true);
      write_range(result, at, at + length);
      write_string(result, HAZARD[each].meaning);
      return;
    }
  }
  plugin_write_bool(result, false);
}
