// The C interface: files and pixels in, pixels and crops out. A thread loads one image after another. A failure returns 0 and leaves a message behind.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <new>

#include "jpeg.h"
#include "kernels.h"
#include "process.h"

#define DEINO_API extern "C" __attribute__((visibility("default")))

namespace deino::pixels {

namespace {

thread_local Scratch scratch;
thread_local char message[256];

// What a thread keeps of each kind of memory between images.
constexpr size_t kKept = size_t(64) << 20;

// The best for this processor; DEINO_PIXELS=portable asks for those of any.
const Kernels& choose_kernels() {
#ifdef DEINO_HAS_AVX2
  const char* wish = std::getenv("DEINO_PIXELS");
  const bool is_portable = wish != nullptr && std::strcmp(wish, "portable") == 0;
  if (!is_portable && __builtin_cpu_supports("avx2")) return avx2::kernels;
#endif
  return portable::kernels;
}

const Kernels& kernels() {
  static const Kernels& chosen = choose_kernels();
  return chosen;
}

bool fail(const char* reason) {
  std::snprintf(message, sizeof message, "%s", reason);
  return false;
}

template <class Body>
i32 guard(Body body) noexcept {
  i32 done = 0;
  try {
    done = body();
  } catch (const std::bad_alloc&) {
    fail("out of memory");
  } catch (const std::exception& error) {
    fail(error.what());
  }
  return done;
}

// The process that decodes for this thread.
thread_local std::unique_ptr<Process> apart;

// The image that this thread has loaded and makes crops of.
thread_local Columns loaded = {};

// Loads an image; what fails leaves none behind, neither half of this one nor the one before.
template <class Body>
i32 guard_loading(Body body) noexcept {
  const i32 done = guard(body);
  if (done == 0) loaded = {};
  return done;
}

void begin_image(i32 width, i32 height, i32 channels) {
  loaded = Columns::of(width, height, channels);
  loaded.bytes = scratch.bytes(Scratch::kImage, loaded.size());
}

bool fits(const Draw& draw) {
  const auto [top, left, height, width] = draw.box;
  return draw.size > 0 && top >= 0 && left >= 0 && height > 0 && width > 0 && height <= loaded.height - top &&
         width <= loaded.width - left && draw.offset >= 0;
}

// Who decoded the numbers of a JPEG file.
enum Decoder : i32 { kNobody = 0, kScan = 1, kLibjpeg = 2 };

// Decodes a JPEG file, the quick way if that goes, and else as libjpeg does.
template <class Body>
Decoder with_jpeg(const u8* bytes, i64 length, JpegLimits limits, Body decode) {
  {
    Jpeg quick(bytes, length, limits, size_t(length) <= kKept ? &scratch : nullptr);
    if (decode(quick)) return quick.is_quick() ? kScan : kLibjpeg;
  }
  Jpeg file(bytes, length, limits);
  if (decode(file)) return kLibjpeg;
  fail(file.reason());
  return kNobody;
}

// Decodes a file to columns, sixteen rows at a time.
bool load(Jpeg& file) {
  if (!file.read_header() || !file.start(true)) return false;
  begin_image(file.width(), file.height(), 3);
  const size_t stride = 3 * padded(loaded.width);
  u8* rows = scratch.bytes(Scratch::kRows, kStrip * stride);
  for (i32 y = 0; y < loaded.height; y += kStrip) {
    const i32 count = loaded.height - y < kStrip ? loaded.height - y : kStrip;
    if (!file.read_rows(rows, stride, count)) return false;
    kernels().add_rows(loaded, rows, stride, y, scratch);
  }
  return file.finish();
}

}  // namespace

// Takes the last message of this thread: its length, the text in `out`.
DEINO_API i32 deino_pixels_message(char* out, i32 capacity) {
  const i32 length = i32(strnlen(message, capacity));
  std::memcpy(out, message, length);
  return length;
}

// Opens the libjpeg at a path that ends in 0.
DEINO_API i32 deino_pixels_open_libjpeg(const char* path) {
  return guard([&] {
    const char* reason = open_libjpeg(path);
    return reason == nullptr || fail(reason);
  });
}

// Writes width, height and channels (1 or 3) of a JPEG file.
DEINO_API i32 deino_pixels_jpeg_header(const u8* bytes, i64 length, i64 max_pixels, i32* header) {
  return guard([&] {
    Jpeg file(bytes, length, {max_pixels, 0});
    if (!file.read_header()) return fail(file.reason());
    header[0] = file.width();
    header[1] = file.height();
    header[2] = file.channels();
    return true;
  });
}

// Decodes a JPEG file to samples [height][width][channels] as its header has them, or to its four inks as they are stored if
// it has any and they are kept. Returns the Decoder.
DEINO_API i32 deino_pixels_decode_jpeg(const u8* bytes, i64 length, i64 max_pixels, i32 max_scans, i32 keeps_inks,
                                       u8* samples, i64 room) {
  return guard([&] {
    return with_jpeg(bytes, length, {max_pixels, max_scans}, [=](Jpeg& file) {
      if (!file.read_header()) return false;
      const bool keeps = keeps_inks && file.has_inks();
      const size_t stride = size_t(file.width()) * (keeps ? 4 : file.channels());
      return (i64(stride) * file.height() == room || file.refuse("the room is not that of its samples")) &&
             file.start(false, keeps) && file.read_rows(samples, stride, file.height()) && file.finish();
    });
  });
}

// Starts a program that decodes a file, and writes what the image is. This thread takes its samples next.
DEINO_API i32 deino_pixels_begin_apart(const char* path, const char* format, const char* library, const u8* file,
                                       const Request* request, Image* image) {
  return guard([&] {
    apart = nullptr;  // one that was left
    auto process = std::make_unique<Process>();
    if (!process->begin({path, format, library}, file, *request, *image)) return fail(process->reason());
    apart = std::move(process);
    return true;
  });
}

// Writes the samples [height][width][channels] of the image that this thread began.
DEINO_API i32 deino_pixels_finish_apart(u8* samples, i64 length) {
  return guard([&] {
    const auto process = std::move(apart);
    if (process == nullptr) return fail("no image was begun");
    return process->read_samples(samples, size_t(length)) || fail(process->reason());
  });
}

// Loads a JPEG file to make crops of it; writes its width and height. Returns the Decoder.
DEINO_API i32 deino_pixels_load_jpeg(const u8* bytes, i64 length, i64 max_pixels, i32 max_scans, i32* size) {
  return guard_loading([&] {
    const Decoder decoder = with_jpeg(bytes, length, {max_pixels, max_scans}, load);
    size[0] = loaded.width;
    size[1] = loaded.height;
    return decoder;
  });
}

// Loads pixels [height][width][channels], to resize them or, of red, green and blue, to make crops of them.
DEINO_API i32 deino_pixels_load_pixels(const u8* pixels, i32 width, i32 height, i32 channels) {
  return guard_loading([&] {
    begin_image(width, height, channels);
    const size_t row = channels * size_t(width), stride = channels * padded(width);
    u8* rows = scratch.bytes(Scratch::kRows, kStrip * stride);
    for (i32 y = 0; y < height; y += kStrip) {
      const i32 count = height - y < kStrip ? height - y : kStrip;
      for (i32 i = 0; i < count; i++) std::memcpy(rows + i * stride, pixels + (y + i) * row, row);
      kernels().add_rows(loaded, rows, stride, y, scratch);
    }
    return true;
  });
}

// Makes `count` crops of the image that this thread loaded last, each to its offset in `out`, and lets go of the image.
DEINO_API i32 deino_pixels_make_crops(const Draw* draws, i32 count, const Normalization* by, float* out, i64 room) {
  const i32 done = guard([&] {
    for (i32 i = 0; i < count; i++) {
      const Draw& draw = draws[i];
      if (!fits(draw)) return fail("a crop reaches beyond its image");
      if (loaded.channels != 3) return fail("crops are made of red, green and blue");
      if (draw.offset + 3 * i64(draw.size) * draw.size > room) return fail("a crop reaches beyond its batch");
      kernels().make_crop(loaded, draw, *by, out + draw.offset, scratch);
    }
    return true;
  });
  loaded = {};
  scratch.shrink(kKept);
  return done;
}

// Resizes the image that this thread loaded last to pixels [height][width][channels], and lets go of it.
DEINO_API i32 deino_pixels_resize(i32 width, i32 height, u8* pixels) {
  const i32 done = guard([&] {
    if (loaded.bytes == nullptr) return fail("no image is loaded");
    if (width < 1 || height < 1) return fail("no pixel would be left");
    kernels().resize(loaded, width, height, pixels, scratch);
    return true;
  });
  loaded = {};
  scratch.shrink(kKept);
  return done;
}

}  // namespace deino::pixels
