// The hue of bytes turned by way of HSV in bytes, as Pillow converts there and back.
//
// Source: rgb2hsv_row and hsv2rgb in src/libImaging/Convert.c of Pillow.
#include "simd.h"

namespace deino::pixels::DEINO_KIND {

namespace {

// The hue as a byte, from its place on a circle of six, -1 to 5. Pillow's steps in doubles and floats, where the last bit
// decides which number a whole one becomes, give the same for every place that the colours of bytes have.
DEINO_INLINE Ints hue_bytes(Floats place) {
  const Floats turns = place / all(6.f);
  return ints((turns < all(0.f) ? turns + all(1.f) : turns) * all(255.f));
}

// Rounds a quotient by 255 or its square, half up: the dividends are whole numbers below 2^24, for which this gives
// the bytes of Pillow's doubles (for all 2^24 colours).
DEINO_INLINE Ints share(Floats dividend, float divisor) {
  return ints(dividend * all(1 / divisor) + all(0.5f));
}

}  // namespace

void hue(Planes& image, i32 steps) {
  auto [red, green, blue] = image.plane;
  const Ints zero{};
  for (size_t i = 0; i < image.size(); i += kLanes) {
    const Ints r = load(red + i), g = load(green + i), b = load(blue + i);
    const Ints value = most(r, most(g, b)), least_of_all = least(r, least(g, b));
    const Ints chroma = value - least_of_all;
    const Floats middle = floats(value + value + least_of_all - r - g - b);  // the greatest less the middle one
    const Floats quotient = middle / floats(most(chroma, all(1)));

    // One of the channels is the greatest and one the least: its distance over the chroma is exactly 1.
    const Ints red_first = r == value, green_first = ~red_first & (g == value);
    const Ints blue_last = b == least_of_all, green_last = g == least_of_all;
    const Ints falls = red_first ? blue_last : green_first ? ~blue_last : green_last;
    const Ints start = red_first ? (blue_last ? all(1) : all(-1))
                                 : (green_first ? (blue_last ? all(1) : all(3)) : (green_last ? all(5) : all(3)));
    const Floats signed_quotient = falls ? -quotient : quotient;
    const Ints turned = (hue_bytes(floats(start) + signed_quotient) + steps) & 255;
    const Ints is_gray = chroma == zero;

    const Floats saturation = floats(ints(floats(chroma) * all(255.f) / floats(most(value, all(1)))));
    const Ints six = turned * 6;
    const Ints whole = (six + 1 + (six >> 8)) >> 8;  // of 255
    const Ints sector = whole == 6 ? zero : whole;
    const Floats past = floats(six - whole * 255);  // past the start of the sector
    const Floats v = floats(value);
    const Floats away = (sector & 1) != 0 ? past : all(255.f) - past;
    const Ints lowest = share(v * (all(255.f) - saturation), 255);
    const Ints between = share(v * (all(65025.f) - saturation * away), 65025);
    const Ints is_0 = sector == 0, is_1 = sector == 1, is_2 = sector == 2, is_3 = sector == 3, is_4 = sector == 4,
               is_5 = sector == 5;
    const auto pick = [&](Ints full, Ints partly, Ints same) {
      return is_gray ? same : full ? value : partly ? between : lowest;
    };
    store(red + i, pick(is_0 | is_5, is_1 | is_4, r));
    store(green + i, pick(is_1 | is_2, is_0 | is_3, g));
    store(blue + i, pick(is_3 | is_4, is_2 | is_5, b));
  }
}

}  // namespace deino::pixels::DEINO_KIND
