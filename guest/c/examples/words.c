/* Texts, an option, a host function, a file and standard output. */

#include "plugin.h"

#include <ctype.h>
#include <stdio.h>

PLUGIN_SCHEMA("import fn run(command: string) -> bytes;")
PLUGIN_IMPORT(run)

PLUGIN_SCHEMA("/// The text in capitals, several times. Null where nothing is left.\n"
              "fn shout(text: string, times: u8) -> option<string>;")
PLUGIN_EXPORT(shout, arguments, result) {
  plugin_text text = plugin_read_text(arguments);
  uint8_t times = plugin_read_u8(arguments);
  bool is_there = text.length > 0 && times > 0;
  plugin_write_bool(result, is_there);
  if (!is_there) return;
  plugin_write_length(result, (uint64_t)text.length * times);
  for (; times > 0; times -= 1) {
    for (size_t at = 0; at < text.length; at += 1) {
      plugin_write_u8(result, (uint8_t)toupper((unsigned char)text.start[at]));
    }
  }
}

PLUGIN_SCHEMA("/// How many bytes the page's `run` answers with.\n"
              "fn ask(command: string) -> u64;")
PLUGIN_EXPORT(ask, arguments, result) {
  plugin_text command = plugin_read_text(arguments);
  plugin_writer request = {0};
  plugin_write_text(&request, command.start, command.length);
  plugin_reader answer = run(&request);
  plugin_write_u64(result, plugin_read_bytes(&answer).length);
  plugin_close(&answer);
}

PLUGIN_SCHEMA("/// Counts the words of the file /words.txt, and prints the number.\n"
              "fn count_words() -> result<u32, string>;")
PLUGIN_EXPORT(count_words, arguments, result) {
  (void)arguments;
  FILE *file = fopen("/words.txt", "r");
  plugin_write_u32(result, file == NULL);
  if (file == NULL) {
    const char message[] = "no words";
    plugin_write_text(result, message, sizeof message - 1);
    return;
  }
  uint32_t words = 0;
  for (int last = ' ', next; (next = fgetc(file)) != EOF; last = next) {
    words += isspace(last) && !isspace(next);
  }
  fclose(file);
  printf("%u words\n", (unsigned)words);
  fflush(stdout);
  plugin_write_u32(result, words);
}
