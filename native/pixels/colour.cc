// Light, contrast, saturation and gray of bytes, as Pillow's ImageEnhance and conversion to "L" change them.
//
// Source: src/libImaging/Blend.c and Convert.c of Pillow.
#include "simd.h"

namespace deino::pixels::DEINO_KIND {

namespace {

// The gray of a colour.
template <class Lanes>
DEINO_INLINE Lanes luma(Lanes r, Lanes g, Lanes b) {
  return (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16;
}

// From `start` (0) to `end` (1) and beyond, cut off to a byte.
DEINO_INLINE Ints blend(Ints start, Ints end, Floats factor) {
  const Floats there = floats(start) + factor * floats(end - start);
  return ints(least(all(255.f), most(all(0.f), there)));
}

void blend_with(Planes& image, i32 start, float factor) {
  for (u8* plane : image.plane) {
    for (size_t i = 0; i < image.size(); i += kLanes) {
      store(plane + i, blend(all(start), load(plane + i), all(factor)));
    }
  }
}

i32 mean_luma(const Planes& image) {
  double sum = 0;  // whole numbers, exact up to 2^53
  for (i32 y = 0; y < image.height; y++) {
    const u8* row[3];
    for (int channel = 0; channel < 3; channel++) row[channel] = image.plane[channel] + y * image.pitch;
    u32 of_row = 0;
    for (i32 x = 0; x < image.width; x++) of_row += luma<u32>(row[0][x], row[1][x], row[2][x]);
    sum += of_row;
  }
  return i32(sum / (double(image.width) * image.height) + 0.5);
}

}  // namespace

void brightness(Planes& image, float factor) { blend_with(image, 0, factor); }

void contrast(Planes& image, float factor) { blend_with(image, mean_luma(image), factor); }

void saturation(Planes& image, float factor) {
  auto [red, green, blue] = image.plane;
  for (size_t i = 0; i < image.size(); i += kLanes) {
    const Ints r = load(red + i), g = load(green + i), b = load(blue + i), gray = luma(r, g, b);
    store(red + i, blend(gray, r, all(factor)));
    store(green + i, blend(gray, g, all(factor)));
    store(blue + i, blend(gray, b, all(factor)));
  }
}

void grayscale(Planes& image) {
  auto [red, green, blue] = image.plane;
  for (size_t i = 0; i < image.size(); i += kLanes) {
    const Ints gray = luma(load(red + i), load(green + i), load(blue + i));
    for (u8* plane : image.plane) store(plane + i, gray);
  }
}

void solarize(Planes& image) {
  for (u8* plane : image.plane) {
    for (size_t i = 0; i < image.size(); i++) plane[i] = plane[i] < 128 ? plane[i] : 255 - plane[i];
  }
}

}  // namespace deino::pixels::DEINO_KIND
