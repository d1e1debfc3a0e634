// Rows to columns, sixteen at a time.
#include <cstring>

#include "simd.h"

namespace deino::pixels::DEINO_KIND {

namespace {

typedef u8 Block __attribute__((vector_size(16)));

DEINO_INLINE Block low(Block a, Block b) {
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
DEINO_INLINE Block high(Block a, Block b) {
  return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

// to[x][y] = from[y][x] for 16 x 16 bytes: four rounds, each of which interleaves the halves.
DEINO_INLINE void transpose_block(u8* to, size_t to_pitch, const u8* from, size_t from_pitch) {
  Block a[16], b[16];
  for (int i = 0; i < 16; i++) std::memcpy(&a[i], from + i * from_pitch, 16);
  for (int round = 0; round < 4; round++) {
    for (int i = 0; i < 8; i++) {
      b[2 * i] = low(a[i], a[i + 8]);
      b[2 * i + 1] = high(a[i], a[i + 8]);
    }
    for (int i = 0; i < 16; i++) a[i] = b[i];
  }
  for (int i = 0; i < 16; i++) std::memcpy(to + i * to_pitch, &a[i], 16);
}

// Takes one channel of 16 pixels out of 48 bytes.
template <int Channel>
DEINO_INLINE Block channel_of(Block a, Block b, Block c) {
  constexpr int k = Channel;
  // Places past 15 are of b; those of c follow in a second shuffle. In the first they may be anything.
  constexpr auto ab = [](int i) { return 3 * i + k < 32 ? 3 * i + k : 0; };
  constexpr auto c_too = [](int i) { return 3 * i + k < 32 ? i : 3 * i + k - 32 + 16; };
  const Block two = __builtin_shufflevector(
      a, b, ab(0), ab(1), ab(2), ab(3), ab(4), ab(5), ab(6), ab(7), ab(8), ab(9), ab(10), ab(11),
      ab(12), ab(13), ab(14), ab(15));
  return __builtin_shufflevector(
      two, c, c_too(0), c_too(1), c_too(2), c_too(3), c_too(4), c_too(5), c_too(6), c_too(7),
      c_too(8), c_too(9), c_too(10), c_too(11), c_too(12), c_too(13), c_too(14), c_too(15));
}

// Splits a row of red, green and blue to rows of each, `plane` bytes apart.
DEINO_INLINE void split_colours(u8* to, size_t plane, const u8* from, size_t width) {
  for (size_t x = 0; x < width; x += 16) {
    Block a, b, c;
    std::memcpy(&a, from + 3 * x, 16);
    std::memcpy(&b, from + 3 * x + 16, 16);
    std::memcpy(&c, from + 3 * x + 32, 16);
    const Block colours[] = {channel_of<0>(a, b, c), channel_of<1>(a, b, c), channel_of<2>(a, b, c)};
    for (int i = 0; i < 3; i++) std::memcpy(to + i * plane + x, &colours[i], 16);
  }
}

// The same for any number of channels.
DEINO_INLINE void split_channels(u8* to, size_t plane, const u8* from, size_t width, i32 channels) {
  for (i32 channel = 0; channel < channels; channel++) {
    for (size_t x = 0; x < width; x++) to[channel * plane + x] = from[x * channels + channel];
  }
}

}  // namespace

void transpose(u8* to, size_t to_pitch, const u8* from, size_t from_pitch, int rows, int columns) {
  for (int y = 0; y < rows; y += 16) {
    for (int x = 0; x < columns; x += 16) {
      transpose_block(to + x * to_pitch + y, to_pitch, from + y * from_pitch + x, from_pitch);
    }
  }
}

void add_rows(const Columns& image, const u8* rows, size_t stride, i32 y, Scratch& scratch) {
  const size_t width = padded(image.width), plane = kStrip * width;
  u8* strip = scratch.bytes(Scratch::kStrip, image.channels * plane);
  for (int i = 0; i < kStrip; i++) {
    if (image.channels == 3) {
      split_colours(strip + i * width, plane, rows + i * stride, width);
    } else {
      split_channels(strip + i * width, plane, rows + i * stride, width, image.channels);
    }
  }
  for (int channel = 0; channel < image.channels; channel++) {
    transpose(image.bytes + channel * image.plane + y, image.pitch, strip + channel * plane, width, kStrip, image.width);
  }
}

}  // namespace deino::pixels::DEINO_KIND
