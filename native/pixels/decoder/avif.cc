// AVIF by the libavif that Pillow ships, used as Pillow uses it.
#include <algorithm>
#include <vector>

#include "formats.h"
#include "library.h"

namespace deino::decoder {

namespace {

// The first members of libavif's structures; since version 1.0 new ones are added at the end alone.
struct AvifImage {
  uint32_t width, height, depth;
  int yuv_format, yuv_range, chroma_position;
  uint8_t* planes[3];
};

struct AvifDecoder {
  int codec, max_threads, source, allows_progressive, allows_incremental, ignores_exif, ignores_xmp;
  uint32_t size_limit, dimension_limit, count_limit, strict_flags;
  AvifImage* image;
  int index, count, progressive_state;
  struct {
    uint64_t timescale;
    double start;
    uint64_t start_in_timescales;
    double duration;
    uint64_t duration_in_timescales;
  } timing;
  uint64_t timescale;
  double duration;
  uint64_t duration_in_timescales;
  int repetitions, has_alpha;
};

struct AvifRgb {
  uint32_t width, height, depth;
  int format, upsampling, downsampling, avoids_libyuv, ignores_alpha, is_premultiplied, is_float, max_threads;
  uint8_t* pixels;
  uint32_t row_bytes;
  uint8_t later_versions[256];
};

struct Rectangle {
  uint32_t x, y, width, height;
};

struct Libavif : Library {
  Libavif(const char* path, Output& output) : Library(path, output) {
    find(version, "avifVersion");
    find(result_text, "avifResultToString");
    find(create_decoder, "avifDecoderCreate");
    find(set_memory, "avifDecoderSetIOMemory");
    find(parse, "avifDecoderParse");
    find(next_image, "avifDecoderNextImage");
    find(create_image, "avifImageCreateEmpty");
    find(view, "avifImageSetViewRect");
    find(set_rgb_defaults, "avifRGBImageSetDefaults");
    find(to_rgb, "avifImageYUVToRGB");
    if (version()[0] != '1' || version()[1] != '.') output.refuse("it is not of version 1");
  }

  const char* (*version)();
  const char* (*result_text)(int);
  AvifDecoder* (*create_decoder)();
  int (*set_memory)(AvifDecoder*, const uint8_t*, size_t);
  int (*parse)(AvifDecoder*);
  int (*next_image)(AvifDecoder*);
  AvifImage* (*create_image)();
  int (*view)(AvifImage*, const AvifImage*, const Rectangle*);
  void (*set_rgb_defaults)(AvifRgb*, const AvifImage*);
  int (*to_rgb)(const AvifImage*, AvifRgb*);
};

// Checks that libavif leaves out, as Pillow has it do: of the depth's property and of the clean aperture's.
constexpr uint32_t kWaived = 1 << 0 | 1 << 1;
constexpr uint32_t kStrip = 64;
// Rows on both sides of a strip that are converted with it, for colours of half the rows are interpolated.
constexpr uint32_t kMargin = 2;

enum Format : int { kRgb = 0, kRgba = 1 };

}  // namespace

void decode_avif(const char* library, const File& file, Output& output) {
  const Libavif avif(library, output);
  if (file.bytes.empty()) return output.begin({});
  const auto check = [&](int result) {
    if (result != 0) output.refuse(avif.result_text(result));
  };
  AvifDecoder* decoder = avif.create_decoder();
  AvifImage* part = avif.create_image();
  if (decoder == nullptr || part == nullptr) output.refuse("out of memory");
  decoder->strict_flags &= ~kWaived;
  check(avif.set_memory(decoder, file.bytes.data(), file.bytes.size()));
  check(avif.parse(decoder));
  file.check_size(decoder->image->width, decoder->image->height, output);
  decoder->size_limit = uint32_t(std::min<int64_t>(file.max_pixels, decoder->size_limit));
  check(avif.next_image(decoder));

  const AvifImage& image = *decoder->image;
  const uint32_t channels = decoder->has_alpha ? 4 : 3, row = image.width * channels;
  output.begin({int32_t(image.width), int32_t(image.height), int32_t(channels), 1});
  std::vector<uint8_t> pixels(size_t(row) * (kStrip + 2 * kMargin));
  for (uint32_t top = 0; top < image.height; top += kStrip) {
    const uint32_t above = std::min(kMargin, top), bottom = std::min(top + kStrip, image.height);
    const uint32_t below = std::min(kMargin, image.height - bottom);
    const Rectangle rectangle{0, top - above, image.width, bottom + below - (top - above)};
    check(avif.view(part, &image, &rectangle));
    AvifRgb rgb;
    avif.set_rgb_defaults(&rgb, part);
    rgb.depth = 8;
    rgb.format = decoder->has_alpha ? kRgba : kRgb;
    rgb.pixels = pixels.data();
    rgb.row_bytes = row;
    check(avif.to_rgb(part, &rgb));
    output.rows(pixels.data() + size_t(row) * above, size_t(row) * (bottom - top));
  }
}

}  // namespace deino::decoder
