/* Kernels that decide: an interpreter and a tokenizer. */

#include "kernel.h"

#include <stdio.h>

enum { PUSH, ADD, SUBTRACT, MULTIPLY, LOAD, STORE, LESS, JUMP_IF, JUMP, END };

/* A loop around a switch, the shape of every interpreter. */
__attribute__((noinline)) static uint32_t interpret(const int32_t *code) {
  int32_t stack[16], variables[4] = {0};
  int top = 0;
  for (int at = 0;;) {
    switch (code[at++]) {
      case PUSH: stack[top++] = code[at++]; break;
      case ADD: top -= 1; stack[top - 1] += stack[top]; break;
      case SUBTRACT: top -= 1; stack[top - 1] -= stack[top]; break;
      case MULTIPLY: top -= 1; stack[top - 1] = (int32_t)((uint32_t)stack[top - 1] * (uint32_t)stack[top]); break;
      case LOAD: stack[top++] = variables[code[at++]]; break;
      case STORE: variables[code[at++]] = stack[--top]; break;
      case LESS: top -= 1; stack[top - 1] = stack[top - 1] < stack[top]; break;
      case JUMP_IF: at = stack[--top] ? code[at] : at + 1; break;
      case JUMP: at = code[at]; break;
      default: return (uint32_t)variables[1];
    }
  }
}

KERNEL(interpreter) {
  /* for (i = 0; i < 10000; i += 1) sum = sum * 31 + i */
  int32_t code[] = {PUSH, 0, STORE, 0, LOAD, 1, PUSH, 31, MULTIPLY, LOAD, 0, ADD, STORE, 1, LOAD, 0,
                    PUSH, 1, ADD, STORE, 0, LOAD, 0, PUSH, 10000, LESS, JUMP_IF, 4, END};
  uint32_t digest = 0;
  for (; rounds > 0; rounds -= 1) {
    code[7] = 31 + (int32_t)(digest & 2);
    digest += interpret(code);
  }
  return digest;
}

#define DOCUMENT_BYTES 65536

static const char *document(void) {
  static char text[DOCUMENT_BYTES];
  uint32_t state = 4;
  int length = snprintf(text, sizeof text, "[");
  while (length < DOCUMENT_BYTES - 128) {
    uint32_t number = next_random(&state);
    length += snprintf(text + length, 128, "{\"id\": %u, \"name\": \"item \\\"%x\\\"\", \"tags\": [true, null, -%u.5e3]},\n",
                       (unsigned)number % 100000, (unsigned)number, (unsigned)number % 977);
  }
  text[length - 2] = ']';
  return text;
}

/* Bytes are looked at one by one, with many short loops: the shape of every parser. */
__attribute__((noinline)) static uint32_t tokenize(const char *at, uint32_t digest) {
  uint32_t tokens = 0, depth = 0;
  for (;; tokens += 1) {
    while (*at == ' ' || *at == '\n' || *at == ',' || *at == ':') at += 1;
    if (*at == '\0') return digest + tokens + depth;
    if (*at == '"') {
      for (at += 1; *at != '"'; at += 1) {
        if (*at == '\\') at += 1;
        digest = digest * 33 + (uint8_t)*at;
      }
      at += 1;
    } else if (*at == '-' || (*at >= '0' && *at <= '9')) {
      double value = 0;
      for (at += *at == '-'; *at >= '0' && *at <= '9'; at += 1) value = value * 10 + (*at - '0');
      while (*at == '.' || *at == 'e' || (*at >= '0' && *at <= '9')) at += 1;
      digest += digest_f64(value);
    } else if (*at >= 'a' && *at <= 'z') {
      while (*at >= 'a' && *at <= 'z') at += 1;
    } else {
      depth += *at == '{' || *at == '[';
      depth -= *at == '}' || *at == ']';
      at += 1;
    }
  }
}

KERNEL(tokenizer) {
  const char *text = document();
  uint32_t digest = 0;
  for (; rounds > 0; rounds -= 1) digest = tokenize(text, digest);
  return digest;
}
