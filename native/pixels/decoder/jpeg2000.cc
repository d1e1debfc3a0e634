// JPEG 2000 by the OpenJPEG that Pillow ships. An image is decoded in strips: whole it would take four bytes a sample.
#include <algorithm>
#include <cstring>
#include <string_view>
#include <tuple>
#include <vector>

#include "formats.h"
#include "library.h"

namespace deino::decoder {

namespace {

// OpenJPEG's structures, which stay as they are while its file is called libopenjp2.so.7.
struct Component {
  uint32_t dx, dy, width, height, x0, y0, bits, unused_bits, is_signed, resolutions, factor;
  int32_t* samples;
  uint16_t alpha;
};

struct OpjImage {
  uint32_t x0, y0, x1, y1, count;
  int colours;
  Component* components;
  uint8_t* profile;
  uint32_t profile_length;
};

struct Parameters {
  uint32_t reduce, layers;
  char names[2][4096];
  int formats[2];
  uint32_t area[4];
  int is_verbose;
  uint32_t tile[2];
  int unused[3];
  uint32_t flags;
};

constexpr uint32_t kIgnoresChannelBoxes = 1;
constexpr int kCodestream = 0, kFile = 2;
// Samples of a strip, about.
constexpr int64_t kStripSamples = 4 << 20;
constexpr char kDamaged[] = "its data are damaged or cut off";

using Stream = void;
using Codec = void;

struct OpenJpeg : Library {
  OpenJpeg(const char* path, Output& output) : Library(path, output) {
    find(create_stream, "opj_stream_default_create");
    find(set_read, "opj_stream_set_read_function");
    find(set_skip, "opj_stream_set_skip_function");
    find(set_seek, "opj_stream_set_seek_function");
    find(set_user_data, "opj_stream_set_user_data");
    find(set_length, "opj_stream_set_user_data_length");
    find(destroy_stream, "opj_stream_destroy");
    find(create_codec, "opj_create_decompress");
    find(set_defaults, "opj_set_default_decoder_parameters");
    find(setup, "opj_setup_decoder");
    find(read_header, "opj_read_header");
    find(set_area, "opj_set_decode_area");
    find(decode, "opj_decode");
    find(destroy_codec, "opj_destroy_codec");
    find(destroy_image, "opj_image_destroy");
  }

  Stream* (*create_stream)(int is_input);
  void (*set_read)(Stream*, size_t (*)(void*, size_t, void*));
  void (*set_skip)(Stream*, int64_t (*)(int64_t, void*));
  void (*set_seek)(Stream*, int (*)(int64_t, void*));
  void (*set_user_data)(Stream*, void*, void (*)(void*));
  void (*set_length)(Stream*, uint64_t);
  void (*destroy_stream)(Stream*);
  Codec* (*create_codec)(int format);
  void (*set_defaults)(Parameters*);
  int (*setup)(Codec*, Parameters*);
  int (*read_header)(Stream*, Codec*, OpjImage**);
  int (*set_area)(Codec*, OpjImage*, int32_t, int32_t, int32_t, int32_t);
  int (*decode)(Codec*, Stream*, OpjImage*);
  void (*destroy_codec)(Codec*);
  void (*destroy_image)(OpjImage*);
};

// The bytes of a file as a stream.
struct Reader {
  const std::vector<uint8_t>& bytes;
  size_t at = 0;

  static size_t read(void* to, size_t length, void* self) {
    auto& [bytes, at] = *static_cast<Reader*>(self);
    const size_t count = std::min(length, bytes.size() - at);
    if (count == 0) return size_t(-1);
    std::memcpy(to, bytes.data() + at, count);
    at += count;
    return count;
  }

  static int64_t skip(int64_t count, void* self) {
    auto& [bytes, at] = *static_cast<Reader*>(self);
    if (count < 0) return -1;
    at += std::min(size_t(count), bytes.size() - at);
    return count;
  }

  static int seek(int64_t place, void* self) {
    auto& [bytes, at] = *static_cast<Reader*>(self);
    if (place < 0 || size_t(place) > bytes.size()) return 0;
    at = size_t(place);
    return 1;
  }
};

// A file that is opened and whose header is read. OpenJPEG decodes once for each.
class Opened {
 public:
  Opened(const OpenJpeg& library, const File& file, Output& output) : library_(library), reader_{file.bytes} {
    const std::string_view text(reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size());
    stream_ = library.create_stream(true);
    codec_ = library.create_codec(text.starts_with("\xff\x4f") ? kCodestream : kFile);
    if (stream_ == nullptr || codec_ == nullptr) output.refuse("out of memory");
    library.set_read(stream_, Reader::read);
    library.set_skip(stream_, Reader::skip);
    library.set_seek(stream_, Reader::seek);
    library.set_user_data(stream_, &reader_, nullptr);
    library.set_length(stream_, text.size());
    Parameters parameters;
    library.set_defaults(&parameters);
    // As Pillow: palettes are applied, but components stay in their order whatever boxes say.
    if (text.find("pclr") == text.npos) parameters.flags |= kIgnoresChannelBoxes;
    if (!library.setup(codec_, &parameters) || !library.read_header(stream_, codec_, &image_)) output.refuse(kDamaged);
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() {
    library_.destroy_image(image_);
    library_.destroy_codec(codec_);
    library_.destroy_stream(stream_);
  }

  const OpjImage& image() const { return *image_; }

  // Decodes the rows from `top` to `bottom` of the reference grid.
  bool decode(uint32_t top, uint32_t bottom) {
    const auto [x0, y0, x1, y1] = std::tuple(image_->x0, image_->y0, image_->x1, image_->y1);
    const bool is_whole = top == y0 && bottom == y1;
    return (is_whole || library_.set_area(codec_, image_, int32_t(x0), int32_t(top), int32_t(x1), int32_t(bottom))) &&
           library_.decode(codec_, stream_, image_);
  }

 private:
  const OpenJpeg& library_;
  Reader reader_;
  Stream* stream_;
  Codec* codec_;
  OpjImage* image_ = nullptr;
};

// A component's numbers in the decoded rows, one for each pixel, scaled to 8 or 16 bits.
class Scaled {
 public:
  Scaled(const OpjImage& image, const Component& component, int bits)
      : image_(image), component_(component), shift_(bits - int(component.bits)), most_((1 << bits) - 1) {
    zero_ = component.is_signed ? int64_t(1) << (component.bits - 1) : 0;
    if (shift_ < 0) zero_ += int64_t(1) << (-shift_ - 1);
  }

  // Writes every `step`th number of a row.
  template <class Number>
  void write(Number* to, uint32_t y, uint32_t step) const {
    const auto& [dx, dy, width, height, x0, y0] = std::tie(component_.dx, component_.dy, component_.width,
                                                           component_.height, component_.x0, component_.y0);
    const int32_t* row = component_.samples + size_t(place(image_.y0 + y, dy, y0, height)) * width;
    for (uint32_t x = 0; x < image_.x1 - image_.x0; x++, to += step) {
      const int64_t number = row[dx == 1 ? x : place(image_.x0 + x, dx, x0, width)] + zero_;
      // Rounded as by Pillow; but what rounds to a bit more, which wraps to 0 there, becomes the most.
      *to = Number(std::clamp<int64_t>(shift_ < 0 ? number >> -shift_ : number << shift_, 0, most_));
    }
  }

 private:
  static uint32_t place(uint32_t at, uint32_t step, uint32_t first, uint32_t count) {
    const uint32_t sample = at / step;
    return sample < first ? 0 : std::min(sample - first, count - 1);
  }

  const OpjImage& image_;
  const Component& component_;
  int shift_;
  int64_t most_;
  int64_t zero_;
};

// Writes the decoded rows, each pixel's samples side by side.
template <class Number>
void write_rows(const OpjImage& image, Output& output) {
  const uint32_t width = image.x1 - image.x0, count = image.count;
  std::vector<Number> row(size_t(width) * count);
  for (uint32_t y = 0; y < image.y1 - image.y0; y++) {
    for (uint32_t i = 0; i < count; i++) {
      Scaled(image, image.components[i], 8 * sizeof(Number)).write(row.data() + i, y, count);
    }
    output.rows(row.data(), row.size() * sizeof(Number));
  }
}

bool is_sound(const OpjImage& image) {
  return std::all_of(image.components, image.components + image.count, [](const Component& component) {
    return component.samples != nullptr && component.width > 0 && component.height > 0 && component.bits <= 32;
  });
}

}  // namespace

void decode_jpeg2000(const char* library, const File& file, Output& output) {
  const OpenJpeg openjpeg(library, output);
  if (file.bytes.empty()) return output.begin({});
  uint32_t top = 0, bottom = 0, end = 0;
  bool is_deep = false;
  do {
    Opened opened(openjpeg, file, output);
    const OpjImage& image = opened.image();
    const bool is_first = end == 0;
    if (is_first) top = image.y0, end = image.y1;
    const int64_t width = int64_t(image.x1) - image.x0, height = int64_t(image.y1) - image.y0;
    file.check_size(width, height, output);
    // Blocks of codes, 64 rows of each level, are decoded for every strip that they reach into.
    const int64_t rows = std::max<int64_t>(kStripSamples / (width * image.count) / 128 * 128, 64);
    bottom = uint32_t(std::min<int64_t>((top / rows + 1) * rows, end));
    if (!opened.decode(top, bottom) || !is_sound(image)) output.refuse(kDamaged);
    if (is_first) {
      is_deep = image.count == 1 && image.components[0].bits > 8;
      output.begin({int32_t(width), int32_t(height), int32_t(image.count), is_deep ? 2 : 1});
    }
    is_deep ? write_rows<uint16_t>(image, output) : write_rows<uint8_t>(image, output);
    top = bottom;
  } while (top < end);
}

}  // namespace deino::decoder
