// Gaussian blur over 9 x 9 pixels, rows first; torchvision's square kernel sums in another order, which one byte in
// 80,000 shows.
#include <cmath>

#include "simd.h"

namespace deino::pixels::DEINO_KIND {

namespace {

constexpr int kRadius = 4;
constexpr int kTaps = 2 * kRadius + 1;

// The weights from the middle outwards; they sum to 1 over the whole width.
void weigh(float (&weights)[kRadius + 1], float sigma) {
  float sum = 0;
  for (int i = 0; i <= kRadius; i++) {
    const float far = i / sigma;
    weights[i] = std::exp(-0.5f * (far * far));
    sum += i == 0 ? weights[i] : 2 * weights[i];
  }
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
DEINO_INLINE Ints rounded(Floats lanes) {
  const Floats large = all(12582912.f);
  return ints((lanes + large) - large);
}

}  // namespace

void blur(Square& image, float sigma, Scratch& scratch) {
  const i32 side = image.side;
  float weights[kRadius + 1];
  weigh(weights, sigma);
  // Of the rows that were blurred along themselves the last nine are kept, one after another in a ring.
  float* memory = reinterpret_cast<float*>(scratch.bytes(Scratch::kBlur, 4 * (kTaps + 2) * image.pitch));
  float* line = memory + kTaps * image.pitch;
  const auto ring = [&](i32 y) { return memory + size_t(y % kTaps) * image.pitch; };
  for (u8* plane : image.plane) {
    i32 done = 0;
    for (i32 y = 0; y < side; y++) {
      for (; done < side && done <= y + kRadius; done++) {
        blur_row(ring(done), plane + done * image.pitch, side, line, weights);
      }
      const float *above[kRadius + 1], *below[kRadius + 1];
      for (int i = 0; i <= kRadius; i++) {
        above[i] = ring(mirrored(y - i, side));
        below[i] = ring(mirrored(y + i, side));
      }
      for (i32 x = 0; x < side; x += kLanes) {
        Floats sum = load(above[0] + x) * weights[0];
        for (int i = 1; i <= kRadius; i++) sum += (load(above[i] + x) + load(below[i] + x)) * weights[i];
        store(plane + y * image.pitch + x, rounded(sum));
      }
    }
  }
}

}  // namespace deino::pixels::DEINO_KIND
