// Gaussian blur over 9 x 9 pixels, rows first. torchvision sums over a square kernel, which costs four times as much and
// rounds otherwise: that matters where a sum falls next to a half, and there it is done as torchvision does it.
#include <cmath>

#include "simd.h"

namespace deino::pixels::DEINO_KIND {

namespace {

constexpr int kRadius = 4;
constexpr int kTaps = 2 * kRadius + 1;

// How far the two orders of summing are apart at most: a few roundings of numbers below 256.
constexpr float kDoubt = 1.f / 4096;

// The weights from the middle outwards; they sum to 1 over the whole width, in the order in which libtorch sums nine floats.
void weigh(float (&weights)[kRadius + 1], float sigma) {
  for (int i = 0; i <= kRadius; i++) {
    const float far = i / sigma;
    weights[i] = float(std::exp(double(-0.5f * (far * far))));
  }
  float sum = weights[kRadius];
  for (int i = -kRadius; i < kRadius; i++) sum += weights[i < 0 ? -i : i];
  for (float& weight : weights) weight /= sum;
}

// A place outside a line, mirrored at its ends; shorter lines than the kernel are mirrored again and again.
DEINO_INLINE i32 mirrored(i32 at, i32 length) {
  if (length == 1) return 0;
  while (at < 0 || at >= length) at = at < 0 ? -at : 2 * (length - 1) - at;
  return at;
}

// One row, blurred along itself. `line` has room for the mirrored ends.
void blur_row(float* to, const u8* row, i32 side, float* line, const float (&weights)[kRadius + 1]) {
  for (i32 x = 0; x < side; x += kLanes) store(line + kRadius + x, floats(load(row + x)));
  for (i32 x = 1; x <= kRadius; x++) {
    line[kRadius - x] = row[mirrored(-x, side)];
    line[kRadius + side - 1 + x] = row[mirrored(side - 1 + x, side)];
  }
  for (i32 x = 0; x < side; x += kLanes) {
    const float* middle = line + kRadius + x;
    Floats sum = load(middle) * weights[0];
    for (int i = 1; i <= kRadius; i++) sum += (load(middle - i) + load(middle + i)) * weights[i];
    store(to + x, sum);
  }
}

// Rounds to the nearest whole number, halves to even, as torch.round: below 2^22 the sum leaves no room for fractions.
template <class Number>
DEINO_INLINE Number rounded(Number sum) {
  constexpr float large = 12582912;
  return (sum + large) - large;
}

// Whether a sum lies so near to a half that another order might round it otherwise.
template <class Number>
DEINO_INLINE auto is_doubtful(Number sum) {
  const Number far = sum - rounded(sum);
  return far * far > (0.5f - kDoubt) * (0.5f - kDoubt);
}

// A pixel as torchvision's convolution sums it: row by row, each product added by one rounding. `rows` begin four pixels
// to the left of it.
u8 sum_square(const float* const (&rows)[kTaps], i32 x, const float (&weights)[kRadius + 1]) {
  const auto weight = [&](int i) { return weights[i < kRadius ? kRadius - i : i - kRadius]; };
  float sum = 0;
  for (int i = 0; i < kTaps; i++) {
    for (int j = 0; j < kTaps; j++) {
      const float product = weight(i) * weight(j);
      sum = float(double(sum) + double(rows[i][x + j]) * product);
    }
  }
  return u8(rounded(sum));
}

}  // namespace

void blur(Planes& image, float sigma, Scratch& scratch) {
  const i32 width = image.width, height = image.height;
  float weights[kRadius + 1];
  weigh(weights, sigma);
  // Of the last nine rows, as they were and blurred along themselves, one after another in two rings.
  const size_t pitch = image.pitch, line_pitch = pitch + kVector;
  float* blurred = reinterpret_cast<float*>(scratch.bytes(Scratch::kBlur, 4 * (kTaps * (pitch + line_pitch) + pitch)));
  float* lines = blurred + kTaps * pitch;
  float* sums = lines + kTaps * line_pitch;
  for (u8* plane : image.plane) {
    i32 done = 0;
    for (i32 y = 0; y < height; y++) {
      for (; done < height && done <= y + kRadius; done++) {
        const i32 place = done % kTaps;
        blur_row(blurred + place * pitch, plane + done * pitch, width, lines + place * line_pitch, weights);
      }
      const float *rows[kTaps], *near[kTaps];
      for (int i = 0; i < kTaps; i++) {
        const i32 place = mirrored(y + i - kRadius, height) % kTaps;
        rows[i] = blurred + place * pitch;
        near[i] = lines + place * line_pitch;
      }
      u8* to = plane + y * pitch;
      Ints doubts = {};
      for (i32 x = 0; x < width; x += kLanes) {
        Floats sum = load(rows[kRadius] + x) * weights[0];
        for (int i = 1; i <= kRadius; i++) {
          sum += (load(rows[kRadius - i] + x) + load(rows[kRadius + i] + x)) * weights[i];
        }
        store(to + x, ints(rounded(sum)));
        store(sums + x, sum);
        doubts |= is_doubtful(sum);
      }
      i32 any = 0;
      for (int i = 0; i < kLanes; i++) any |= doubts[i];
      if (any == 0) continue;
      for (i32 x = 0; x < width; x++) {
        if (is_doubtful(sums[x])) to[x] = sum_square(near, x, weights);
      }
    }
  }
}

}  // namespace deino::pixels::DEINO_KIND
