// One crop: cut out, resized and mirrored, then changed as it was drawn, then normalised.
#include <cstring>

#include "simd.h"

namespace deino::pixels::DEINO_KIND {

void normalize(const Planes& image, const Normalization& by, float* out) {
  for (int channel = 0; channel < 3; channel++) {
    const Floats mean = all(by.mean[channel]), std = all(by.std[channel]);
    for (i32 y = 0; y < image.height; y++) {
      const u8* row = image.plane[channel] + y * image.pitch;
      float* to = out + (size_t(channel) * image.height + y) * image.width;
      i32 x = 0;
      for (; x + kLanes <= image.width; x += kLanes) store(to + x, (floats(load(row + x)) - mean) / std);
      for (; x < image.width; x++) to[x] = (float(row[x]) - by.mean[channel]) / by.std[channel];
    }
  }
}

namespace {

void jitter(Planes& image, const Draw& draw) {
  for (const i32 what : draw.order) {
    switch (what) {
      case kBrightness:
        brightness(image, draw.brightness);
        break;
      case kContrast:
        contrast(image, draw.contrast);
        break;
      case kSaturation:
        saturation(image, draw.saturation);
        break;
      case kHue:
        hue(image, draw.hue);
        break;
    }
  }
}

void make_crop(const Columns& image, const Draw& draw, const Normalization& by, float* out, Scratch& scratch) {
  Planes square = make_planes(draw.size, draw.size, scratch);
  resample(image, draw.box, draw.flip, square, scratch);
  jitter(square, draw);
  if (draw.grayscale) grayscale(square);
  if (draw.sigma > 0) blur(square, draw.sigma, scratch);
  if (draw.solarize) solarize(square);
  normalize(square, by, out);
}

}  // namespace

extern const Kernels kernels;
const Kernels kernels = {add_rows, make_crop, resize};

}  // namespace deino::pixels::DEINO_KIND
