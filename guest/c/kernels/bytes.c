/* Kernels whose time goes into memory. */

#include "kernel.h"

#define SIEVE_BYTES 65536

/* Stores with a stride, in loops of one instruction. */
KERNEL(sieve) {
  static uint8_t is_composite[SIEVE_BYTES];
  uint32_t primes = 0;
  for (; rounds > 0; rounds -= 1) {
    memset(is_composite, 0, sizeof is_composite);
    for (uint32_t number = 2; number < SIEVE_BYTES; number += 1) {
      if (is_composite[number]) continue;
      primes += 1;
      for (uint32_t multiple = number * 2; multiple < SIEVE_BYTES; multiple += number) {
        is_composite[multiple] = 1;
      }
    }
  }
  return primes;
}

#define SORTED_NUMBERS 16384

/* Recursion, comparisons that no branch predictor can guess, and swaps. */
static void quicksort(int32_t *first, int32_t *last) {
  while (first < last) {
    int32_t middle = first[(last - first) / 2], *low = first, *high = last;
    while (low <= high) {
      while (*low < middle) low += 1;
      while (*high > middle) high -= 1;
      if (low > high) break;
      int32_t swapped = *low;
      *low++ = *high;
      *high-- = swapped;
    }
    quicksort(first, high);
    first = low;
  }
}

KERNEL(sort) {
  static int32_t numbers[SORTED_NUMBERS];
  uint32_t state = 1, digest = 0;
  for (; rounds > 0; rounds -= 1) {
    for (int at = 0; at < SORTED_NUMBERS; at += 1) numbers[at] = (int32_t)next_random(&state);
    quicksort(numbers, numbers + SORTED_NUMBERS - 1);
    for (int at = 1; at < SORTED_NUMBERS; at += 1) {
      if (numbers[at - 1] > numbers[at]) plugin_fail("Cannot sort: numbers out of order");
    }
    digest += (uint32_t)numbers[SORTED_NUMBERS / 4];
  }
  return digest;
}

#define DATA_BYTES 65536

static const uint8_t *random_bytes(void) {
  static uint8_t data[DATA_BYTES];
  uint32_t state = 2;
  for (int at = 0; at < DATA_BYTES; at += 1) data[at] = (uint8_t)next_random(&state);
  return data;
}

/* One table lookup a byte: the dearest case for a check at every loop's head. */
KERNEL(crc32) {
  static uint32_t table[256];
  for (uint32_t byte = 0; byte < 256; byte += 1) {
    table[byte] = byte;
    for (int bit = 0; bit < 8; bit += 1) {
      table[byte] = table[byte] >> 1 ^ (table[byte] & 1 ? 0xedb88320 : 0);
    }
  }
  const uint8_t *data = random_bytes();
  uint32_t crc = 0xffffffff;
  for (; rounds > 0; rounds -= 1) {
    for (int at = 0; at < DATA_BYTES; at += 1) crc = crc >> 8 ^ table[(crc ^ data[at]) & 0xff];
  }
  return ~crc;
}

static inline uint32_t rotate(uint32_t word, int bits) { return word >> bits | word << (32 - bits); }

/* One block of SHA-256. The constants may be any: only the work counts here, not the hash. */
static void sha256_block(uint32_t state[8], const uint8_t *block, const uint32_t constants[64]) {
  uint32_t words[64];
  for (int at = 0; at < 16; at += 1) {
    words[at] = (uint32_t)block[at * 4] << 24 | (uint32_t)block[at * 4 + 1] << 16 |
                (uint32_t)block[at * 4 + 2] << 8 | block[at * 4 + 3];
  }
  for (int at = 16; at < 64; at += 1) {
    uint32_t early = words[at - 15], late = words[at - 2];
    words[at] = words[at - 16] + words[at - 7] + (rotate(early, 7) ^ rotate(early, 18) ^ early >> 3) +
                (rotate(late, 17) ^ rotate(late, 19) ^ late >> 10);
  }
  uint32_t s[8];
  memcpy(s, state, sizeof s);
  for (int at = 0; at < 64; at += 1) {
    uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
    uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
    uint32_t one = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) + choice +
                   constants[at] + words[at];
    uint32_t two = (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) + majority;
    memmove(s + 1, s, 7 * sizeof *s);
    s[4] += one;
    s[0] = one + two;
  }
  for (int at = 0; at < 8; at += 1) state[at] += s[at];
}

/* Long runs of 32-bit arithmetic between the heads of loops. */
KERNEL(sha256) {
  const uint8_t *data = random_bytes();
  uint32_t constants[64], seed = 3, state[8] = {0};
  for (int at = 0; at < 64; at += 1) constants[at] = next_random(&seed);
  for (; rounds > 0; rounds -= 1) {
    for (int at = 0; at < DATA_BYTES; at += 64) sha256_block(state, data + at, constants);
  }
  return state[0];
}

#define SLOTS 32768

/* Open addressing: loops that mostly end at once, and cache misses. */
KERNEL(map) {
  static struct { uint32_t key, value; } slots[SLOTS];
  uint32_t digest = 0;
  for (uint32_t round = 0; round < rounds; round += 1) {
    memset(slots, 0, sizeof slots);
    uint32_t state = round + 1;
    for (int entry = 0; entry < SLOTS; entry += 1) {
      uint32_t key = next_random(&state) % (SLOTS / 2) + 1;
      uint32_t slot = key * 2654435761u % SLOTS;
      while (slots[slot].key != 0 && slots[slot].key != key) slot = (slot + 1) % SLOTS;
      slots[slot].key = key;
      digest ^= slots[slot].value += state;
    }
  }
  return digest;
}
