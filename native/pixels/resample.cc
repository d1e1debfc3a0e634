// Pillow's bicubic resampling in fixed point: horizontally, rounded to bytes, then vertically.
//
// Source: src/libImaging/Resample.c of Pillow.
#include <cmath>
#include <cstring>

#include "simd.h"

namespace deino::pixels::DEINO_KIND {

namespace {

constexpr int kPrecision = 22;  // bits behind the point of a weight
constexpr double kSupport = 2;  // half the filter's width in pixels, where nothing shrinks

DEINO_INLINE double bicubic(double x) {
  constexpr double a = -0.5;
  x = std::fabs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

// Two weights, each split into a half of 15 bits and its sign, and one of 8 bits: products with bytes fit 16-bit
// multiplications, and shifting the sum of the high ones gives the whole sum exactly.
struct Pair {
  i16 high[2], low[2];
};

// What each pixel of a line takes from which pixels.
struct Weights {
  struct Span {
    i32 first, pairs;
  };
  Span* spans;
  Pair* pairs;  // [length][stride]
  i32 stride;
};

DEINO_INLINE void split(Pair& pair, int half, i32 weight) {
  pair.high[half] = i16(weight >> 8);
  pair.low[half] = i16(weight & 0xff);
}

Weights weigh(i32 from, i32 to, Scratch& scratch, Scratch::Use use) {
  const double scale = double(from) / to;
  const double filter = scale < 1 ? 1 : scale;
  const double support = kSupport * filter, inverse = 1 / filter;
  const i32 most = i32(std::ceil(support)) * 2 + 1;
  Weights weights;
  weights.stride = (most + 1) / 2;
  const size_t spans = sizeof(Weights::Span) * to, pairs = sizeof(Pair) * to * weights.stride;
  u8* memory = scratch.bytes(use, sizeof(double) * (most + 1) + spans + pairs);
  double* exact = reinterpret_cast<double*>(memory);
  weights.spans = reinterpret_cast<Weights::Span*>(exact + most + 1);
  weights.pairs = reinterpret_cast<Pair*>(weights.spans + to);
  for (i32 x = 0; x < to; x++) {
    const double centre = (x + 0.5) * scale;
    i32 first = i32(centre - support + 0.5), end = i32(centre + support + 0.5);
    if (first < 0) first = 0;
    if (end > from) end = from;
    const i32 count = end - first;
    double sum = 0;
    for (i32 i = 0; i < count; i++) sum += exact[i] = bicubic((i + first - centre + 0.5) * inverse);
    if (sum != 0) {
      for (i32 i = 0; i < count; i++) exact[i] /= sum;
    }
    exact[count] = 0;
    const i32 paired = (count + 1) / 2;
    Pair* pair = weights.pairs + size_t(x) * weights.stride;
    for (i32 i = 0; i < 2 * paired; i++) {
      const double scaled = exact[i] * (1 << kPrecision);
      split(pair[i / 2], i % 2, i32(scaled < 0 ? scaled - 0.5 : scaled + 0.5));
    }
    weights.spans[x] = {first, paired};
  }
  return weights;
}

#ifdef __AVX2__

// Sixteen bytes of two lines and their weights, added to the sums of the two halves of the weights.
struct Sums {
  __m256i high[2], low[2];
};

DEINO_INLINE void add(Sums& sums, const u8* a, const u8* b, __m256i high, __m256i low) {
  const __m128i first = _mm_loadu_si128(reinterpret_cast<const __m128i*>(a));
  const __m128i second = _mm_loadu_si128(reinterpret_cast<const __m128i*>(b));
  const __m256i pairs[] = {_mm256_cvtepu8_epi16(_mm_unpacklo_epi8(first, second)),
                           _mm256_cvtepu8_epi16(_mm_unpackhi_epi8(first, second))};
  for (int half = 0; half < 2; half++) {
    sums.high[half] = _mm256_add_epi32(sums.high[half], _mm256_madd_epi16(pairs[half], high));
    sums.low[half] = _mm256_add_epi32(sums.low[half], _mm256_madd_epi16(pairs[half], low));
  }
}

DEINO_INLINE Sums nothing() {
  const __m256i half = _mm256_set1_epi32(1 << (kPrecision - 1)), zero = _mm256_setzero_si256();
  return {{zero, zero}, {half, half}};
}

DEINO_INLINE void write(u8* to, const Sums& sums) {
  __m256i whole[2];
  for (int half = 0; half < 2; half++) {
    whole[half] = _mm256_srai_epi32(
        _mm256_add_epi32(_mm256_slli_epi32(sums.high[half], 8), sums.low[half]), kPrecision);
  }
  const __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(whole[0], whole[1]), 0xd8);
  const __m128i bytes =
      _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
}

DEINO_INLINE __m256i spread(const i16 (&weights)[2]) {
  i32 both;
  std::memcpy(&both, weights, sizeof both);
  return _mm256_set1_epi32(both);
}

void weigh_lines(u8* to, const u8* from, size_t pitch, const Pair* pairs, i32 count, i32 length) {
  i32 x = 0;
  for (; x + 16 < length; x += 32) {
    Sums left = nothing(), right = nothing();
    for (i32 i = 0; i < count; i++) {
      const u8 *a = from + 2 * i * pitch + x, *b = a + pitch;
      const __m256i high = spread(pairs[i].high), low = spread(pairs[i].low);
      add(left, a, b, high, low);
      add(right, a + 16, b + 16, high, low);
    }
    write(to + x, left);
    write(to + x + 16, right);
  }
  if (x >= length) return;
  Sums last = nothing();
  for (i32 i = 0; i < count; i++) {
    const u8* a = from + 2 * i * pitch + x;
    add(last, a, a + pitch, spread(pairs[i].high), spread(pairs[i].low));
  }
  write(to + x, last);
}

#else

// Sums lines of bytes `pitch` apart by their weights; reads and writes whole vectors.
void weigh_lines(u8* to, const u8* from, size_t pitch, const Pair* pairs, i32 count, i32 length) {
  constexpr int kWidth = 16;
  for (i32 x = 0; x < length; x += kWidth) {
    i32 sums[kWidth];
    for (i32& sum : sums) sum = 1 << (kPrecision - 1);
    for (i32 i = 0; i < 2 * count; i++) {
      const Pair& pair = pairs[i / 2];
      const i32 weight = pair.high[i % 2] * 256 + pair.low[i % 2];
      const u8* line = from + i * pitch + x;
      for (int k = 0; k < kWidth; k++) sums[k] += weight * line[k];
    }
    for (int k = 0; k < kWidth; k++) {
      const i32 whole = sums[k] >> kPrecision;
      to[x + k] = u8(whole < 0 ? 0 : whole > 255 ? 255 : whole);
    }
  }
}

#endif

// How a rectangle is resized and mirrored, whatever the channel.
struct Resampling {
  Box box;
  i32 width, height;
  bool flip;
  size_t pitch;  // bytes from one row of the result to the next
  Weights across, down;
  size_t column_pitch;
  u8 *columns, *rows;
};

Resampling plan(const Box& box, i32 width, i32 height, bool flip, Scratch& scratch) {
  Resampling by = {box, width, height, flip, padded(width), {}, {}, padded(box.height) + kVector, nullptr, nullptr};
  by.columns = scratch.bytes(Scratch::kColumns, padded(width) * by.column_pitch);
  by.rows = scratch.bytes(Scratch::kRows, (padded(box.height) + 1) * by.pitch + kVector);
  if (box.width != width) by.across = weigh(box.width, width, scratch, Scratch::kAcross);
  if (box.height != height) by.down = weigh(box.height, height, scratch, Scratch::kDown);
  return by;
}

void resample_channel(u8* to, const Columns& image, i32 channel, const Resampling by) {
  const bool narrows = by.across.spans != nullptr, shortens = by.down.spans != nullptr;
  const size_t from_pitch = image.pitch;
  const u8* from = image.bytes + channel * image.plane + by.box.left * from_pitch + by.box.top;
  for (i32 x = 0; x < by.width; x++) {
    u8* column = by.columns + size_t(by.flip ? by.width - 1 - x : x) * by.column_pitch;
    if (narrows) {
      const auto [first, pairs] = by.across.spans[x];
      weigh_lines(column, from + first * from_pitch, from_pitch, by.across.pairs + size_t(x) * by.across.stride, pairs,
                  by.box.height);
    } else {
      std::memcpy(column, from + x * from_pitch, by.box.height);
    }
  }
  transpose(shortens ? by.rows : to, by.pitch, by.columns, by.column_pitch, by.width, by.box.height);
  if (!shortens) return;
  for (i32 y = 0; y < by.height; y++) {
    const auto [first, pairs] = by.down.spans[y];
    weigh_lines(to + y * by.pitch, by.rows + first * by.pitch, by.pitch, by.down.pairs + size_t(y) * by.down.stride,
                pairs, by.width);
  }
}

// Writes rows of channels, `plane` bytes apart, as pixels. Returns where they end.
DEINO_INLINE u8* interleave(u8* out, const u8* row, size_t plane, i32 width, i32 channels) {
  for (i32 x = 0; x < width; x++) {
    for (i32 channel = 0; channel < channels; channel++) *out++ = row[channel * plane + x];
  }
  return out;
}

}  // namespace

Planes make_planes(i32 width, i32 height, Scratch& scratch) {
  Planes planes{width, height, padded(width), {}};
  // Turning columns to rows writes whole blocks of 16 rows.
  const size_t size = padded(height) * planes.pitch;
  u8* memory = scratch.bytes(Scratch::kPlanes, 3 * size + kVector);
  for (int channel = 0; channel < 3; channel++) planes.plane[channel] = memory + channel * size;
  return planes;
}

void resample(const Columns& image, const Box& box, bool flip, Planes& to, Scratch& scratch) {
  const Resampling by = plan(box, to.width, to.height, flip, scratch);
  for (int channel = 0; channel < 3; channel++) resample_channel(to.plane[channel], image, channel, by);
}

void resize(const Columns& image, i32 width, i32 height, u8* out, Scratch& scratch) {
  const Resampling by = plan({0, 0, image.height, image.width}, width, height, false, scratch);
  // Turning columns to rows writes whole blocks of 16 rows.
  const size_t plane = padded(height) * by.pitch;
  u8* planes = scratch.bytes(Scratch::kPlanes, image.channels * plane + kVector);
  for (i32 channel = 0; channel < image.channels; channel++) {
    resample_channel(planes + channel * plane, image, channel, by);
  }
  for (i32 y = 0; y < height; y++) {
    const u8* row = planes + y * by.pitch;
    // A number that the compiler knows is twice as fast.
    out = image.channels == 3 ? interleave(out, row, plane, width, 3)
                              : interleave(out, row, plane, width, image.channels);
  }
}

}  // namespace deino::pixels::DEINO_KIND
