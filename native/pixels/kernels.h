// What works on pixels: compiled once for each kind of processor, each in a namespace of its own (DEINO_KIND).
//
// These files keep to plain functions of their own: a template or inline function of the standard library that
// is not inlined would be shared between the kinds, and an old processor might meet a new one's copy.
#pragma once

#include <cstddef>
#include <cstdint>

#include "scratch.h"

namespace deino::pixels {

using u8 = uint8_t;
using i16 = int16_t;
using u32 = uint32_t;
using i32 = int32_t;
using i64 = int64_t;

// Lines of pixels are as long as whole vectors, whatever the vector.
constexpr size_t kVector = 32;
constexpr size_t padded(size_t n) { return (n + kVector - 1) / kVector * kVector; }

// Rows that are turned into columns at once.
constexpr int kStrip = 16;

// An image as resampling wants it: planes of columns, so that both of its passes run along neighbouring bytes.
struct Columns {
  i32 width, height, channels;
  size_t pitch;  // bytes from one column to the next
  size_t plane;  // bytes from one channel to the next
  u8* bytes;     // [channels][width][pitch]

  static Columns of(i32 width, i32 height, i32 channels, u8* bytes = nullptr) {
    // One column more than there are: weights of 0 may reach for it.
    const size_t pitch = padded(height) + kVector;
    return {width, height, channels, pitch, pitch * (padded(width) + 1), bytes};
  }
  size_t size() const { return channels * plane + kVector; }
};

// Red, green and blue, a plane of rows each.
struct Planes {
  i32 width, height;
  size_t pitch;  // bytes from one row to the next
  u8* plane[3];

  size_t size() const { return height * pitch; }
};

// A rectangle of an image.
struct Box {
  i32 top, left, height, width;
};

enum Jitter : i32 { kBrightness = 0, kContrast = 1, kSaturation = 2, kHue = 3, kNothing = 4 };

// What one crop was drawn to be, as src/data/pixels/pack_crops.ts writes it.
struct Draw {
  i64 offset;  // where its floats go, counted in floats
  Box box;
  i32 size, flip;
  i32 order[4];  // of Jitter
  float brightness, contrast, saturation;
  i32 hue;  // steps of 255 to a circle, as a byte
  i32 grayscale, solarize;
  float sigma;  // of the blur; 0 for none
  i32 unused;
};

// What bytes are normalised by: (byte - mean) / std.
struct Normalization {
  float mean[3], std[3];
};

struct Kernels {
  // Turns rows y .. y + kStrip of interleaved channels, `stride` bytes each, into columns. Rows past the last may hold
  // anything.
  void (*add_rows)(const Columns& image, const u8* rows, size_t stride, i32 y, Scratch& scratch);
  // Makes a crop of an image of red, green and blue: floats [3][size][size].
  void (*make_crop)(const Columns& image, const Draw& draw, const Normalization& by, float* out, Scratch& scratch);
  // Resizes an image: bytes [height][width][channels].
  void (*resize)(const Columns& image, i32 width, i32 height, u8* out, Scratch& scratch);
};

namespace portable {
extern const Kernels kernels;
}
namespace avx2 {
extern const Kernels kernels;
}

#ifdef DEINO_KIND
namespace DEINO_KIND {

void transpose(u8* to, size_t to_pitch, const u8* from, size_t from_pitch, int rows, int columns);
void add_rows(const Columns& image, const u8* rows, size_t stride, i32 y, Scratch& scratch);
Planes make_planes(i32 width, i32 height, Scratch& scratch);
void resample(const Columns& image, const Box& box, bool flip, Planes& to, Scratch& scratch);
void resize(const Columns& image, i32 width, i32 height, u8* out, Scratch& scratch);
void brightness(Planes& image, float factor);
void contrast(Planes& image, float factor);
void saturation(Planes& image, float factor);
void hue(Planes& image, i32 steps);
void grayscale(Planes& image);
void solarize(Planes& image);
void blur(Planes& image, float sigma, Scratch& scratch);
void normalize(const Planes& image, const Normalization& by, float* out);

}  // namespace DEINO_KIND
#endif

}  // namespace deino::pixels
