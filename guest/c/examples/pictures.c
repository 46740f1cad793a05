/* Filters for pictures: a struct with bytes, and an enum. */

#include "plugin.h"

PLUGIN_SCHEMA("/// A picture: red, green, blue and opacity of each pixel, a byte each, line by line.\n"
              "struct Picture { width: u32, height: u32, rgba: bytes }\n"
              "enum Filter {\n"
              "  /// Less and less colour.\n"
              "  Grey,\n"
              "  /// The opposite colours.\n"
              "  Invert,\n"
              "  /// The mean of the pixels around.\n"
              "  Blur,\n"
              "  /// The differences to the pixels around.\n"
              "  Edges,\n"
              "  /// Squares of one colour.\n"
              "  Mosaic,\n"
              "}")

typedef struct {
  uint32_t width;
  uint32_t height;
  uint8_t *pixels;
} picture;

typedef enum { GREY, INVERT, BLUR, EDGES, MOSAIC, FILTERS } filter;

enum { CHANNELS = 4, COLOURS = 3, MAX_RADIUS = 24 };

static uint8_t mix(uint32_t from, uint32_t to, double strength) {
  double mixed = from + ((double)to - from) * strength;
  return (uint8_t)(mixed < 0 ? 0 : mixed > 255 ? 255 : mixed + 0.5);
}

static size_t at(const picture *of, uint32_t x, uint32_t y) {
  return ((size_t)y * of->width + x) * CHANNELS;
}

static uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }

/* Changes each pixel by itself. */
static void recolour(picture *of, filter with, double strength) {
  size_t end = at(of, 0, of->height);
  for (size_t pixel = 0; pixel < end; pixel += CHANNELS) {
    uint8_t *colours = of->pixels + pixel;
    uint32_t light = (colours[0] * 77u + colours[1] * 150u + colours[2] * 29u) >> 8;
    for (int colour = 0; colour < COLOURS; colour += 1) {
      uint32_t wanted = with == GREY ? light : 255u - colours[colour];
      colours[colour] = mix(colours[colour], wanted, strength);
    }
  }
}

/* The mean of a line of pixels around each: `step` bytes apart, `count` of them, in `lines` lines. */
static void smooth(const uint8_t *from, uint8_t *to, uint32_t count, size_t step, uint32_t lines,
                   size_t line_step, uint32_t radius) {
  for (uint32_t line = 0; line < lines; line += 1) {
    for (int channel = 0; channel < CHANNELS; channel += 1) {
      const uint8_t *source = from + line * line_step + channel;
      uint8_t *target = to + line * line_step + channel;
      uint32_t sum = 0;
      uint32_t first = 0;
      uint32_t end = 0;
      for (uint32_t middle = 0; middle < count; middle += 1) {
        for (; end < smaller(count, middle + radius + 1); end += 1) sum += source[end * step];
        for (; first + radius < middle; first += 1) sum -= source[first * step];
        target[middle * step] = (uint8_t)(sum / (end - first));
      }
    }
  }
}

static void blur(picture *of, uint32_t radius) {
  size_t size = at(of, 0, of->height);
  uint8_t *between = malloc(size + 1);
  if (between == NULL) plugin_fail("Cannot blur picture: no memory left");
  size_t line = (size_t)of->width * CHANNELS;
  for (int pass = 0; pass < 2; pass += 1) {
    smooth(of->pixels, between, of->width, CHANNELS, of->height, line, radius);
    smooth(between, of->pixels, of->height, line, of->width, CHANNELS, radius);
  }
  free(between);
}

static void edges(picture *of, double strength) {
  for (uint32_t y = 0; y < of->height; y += 1) {
    for (uint32_t x = 0; x < of->width; x += 1) {
      uint8_t *here = of->pixels + at(of, x, y);
      const uint8_t *right = of->pixels + at(of, smaller(x + 1, of->width - 1), y);
      const uint8_t *below = of->pixels + at(of, x, smaller(y + 1, of->height - 1));
      for (int colour = 0; colour < COLOURS; colour += 1) {
        uint32_t difference = (uint32_t)abs(here[colour] - right[colour]) +
                              (uint32_t)abs(here[colour] - below[colour]);
        here[colour] = mix(here[colour], smaller(255, difference * 4), strength);
      }
    }
  }
}

static void mosaic(picture *of, uint32_t side) {
  for (uint32_t y = 0; y < of->height; y += 1) {
    for (uint32_t x = 0; x < of->width; x += 1) {
      memmove(of->pixels + at(of, x, y), of->pixels + at(of, x - x % side, y - y % side), CHANNELS);
    }
  }
}

PLUGIN_SCHEMA("/// The picture with a filter over it. The strength is from 0 to 1.\n"
              "fn apply(picture: Picture, filter: Filter, strength: f64) -> result<Picture, string>;")
PLUGIN_EXPORT(apply, arguments, result) {
  picture of = {0, 0, NULL};
  of.width = plugin_read_u32(arguments);
  of.height = plugin_read_u32(arguments);
  plugin_text rgba = plugin_read_bytes(arguments);
  uint32_t with = plugin_read_u32(arguments);
  double strength = plugin_read_f64(arguments);
  bool is_whole = (uint64_t)of.width * of.height * CHANNELS == rgba.length;
  bool is_known = with < FILTERS && strength >= 0 && strength <= 1;
  plugin_write_u32(result, !(is_whole && is_known));
  if (!is_whole || !is_known) {
    const char *why = is_whole ? "the strength is not between 0 and 1" : "a picture has four bytes for each pixel";
    plugin_write_text(result, why, strlen(why));
    return;
  }
  of.pixels = malloc(rgba.length + 1);
  if (of.pixels == NULL) plugin_fail("Cannot filter picture: no memory left");
  memcpy(of.pixels, rgba.start, rgba.length);
  uint32_t size = (uint32_t)(strength * MAX_RADIUS);
  switch ((filter)with) {
    case BLUR: blur(&of, size); break;
    case EDGES: edges(&of, strength); break;
    case MOSAIC: mosaic(&of, size + 1); break;
    default: recolour(&of, (filter)with, strength);
  }
  plugin_write_u32(result, of.width);
  plugin_write_u32(result, of.height);
  plugin_write_text(result, (const char *)of.pixels, rgba.length);
  free(of.pixels);
}
