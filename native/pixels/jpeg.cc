#include "jpeg.h"

#include <dlfcn.h>

#include <cstring>
#include <mutex>

namespace deino::pixels {

namespace {

// The functions of libjpeg that are used.
struct Library {
  decltype(&jpeg_std_error) std_error;
  decltype(&jpeg_CreateDecompress) create;
  decltype(&jpeg_destroy_decompress) destroy;
  decltype(&jpeg_read_header) read_header;
  decltype(&jpeg_start_decompress) start;
  decltype(&jpeg_read_scanlines) read_scanlines;
  decltype(&jpeg_finish_decompress) finish;
  decltype(&jpeg_resync_to_restart) resync_to_restart;
};

// The beginning of what libjpeg keeps for its decoder of numbers, in every version since the sixth.
struct EntropyDecoder {
  void (*start_pass)(j_decompress_ptr);
  boolean (*decode_unit)(j_decompress_ptr, JBLOCKROW*);
};

Library libjpeg;
bool is_open = false;

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

// As Pillow: the whole file is there, so a decoder that asks for more stops.
boolean no_more(j_decompress_ptr) { return FALSE; }

void skip(j_decompress_ptr state, long count) {
  jpeg_source_mgr& source = *state->src;
  const size_t bytes = count < 0 ? 0 : size_t(count) < source.bytes_in_buffer ? count : source.bytes_in_buffer;
  source.next_input_byte += bytes;
  source.bytes_in_buffer -= bytes;
}

constexpr char kCutOff[] = "the file is cut off";

// Inks as Adobe's programs store them, 255 for bare paper, mixed to light as Pillow's convert("RGB") does.
void mix_inks(uint8_t* to, const uint8_t* inks, int width) {
  for (int x = 0; x < width; x++, inks += 4, to += 3) {
    const int paper = inks[3];
    for (int channel = 0; channel < 3; channel++) {
      const int product = (255 - inks[channel]) * paper + 128;
      const int light = paper - ((product >> 8) + product) / 256;
      to[channel] = uint8_t(light < 0 ? 0 : light);
    }
  }
}

}  // namespace

const char* open_libjpeg(const char* path) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  if (is_open) return nullptr;
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return dlerror();
  if (!find(library, "jpeg_std_error", libjpeg.std_error) || !find(library, "jpeg_CreateDecompress", libjpeg.create) ||
      !find(library, "jpeg_destroy_decompress", libjpeg.destroy) ||
      !find(library, "jpeg_read_header", libjpeg.read_header) ||
      !find(library, "jpeg_start_decompress", libjpeg.start) ||
      !find(library, "jpeg_read_scanlines", libjpeg.read_scanlines) ||
      !find(library, "jpeg_finish_decompress", libjpeg.finish) ||
      !find(library, "jpeg_resync_to_restart", libjpeg.resync_to_restart)) {
    return "it lacks functions of libjpeg";
  }
  is_open = true;
  return nullptr;
}

// Every call into libjpeg goes through this: its errors jump back here, past frames of C alone.
template <class Body>
bool Jpeg::guarded(Body body) {
  if (setjmp(errors_.jump) != 0) return false;
  return body();
}

Jpeg::Jpeg(const uint8_t* bytes, size_t length, JpegLimits limits, Scratch* scratch)
    : bytes_(bytes), length_(length), limits_(limits), scratch_(scratch) {}

Jpeg::~Jpeg() {
  if (state_.mem != nullptr) libjpeg.destroy(&state_);
}

bool Jpeg::refuse(const char* reason) {
  std::snprintf(reason_, sizeof reason_, "%s", reason);
  return false;
}

void Jpeg::on_error(j_common_ptr state) {
  auto& self = *static_cast<Jpeg*>(state->client_data);
  state->err->format_message(state, self.reason_);
  longjmp(self.errors_.jump, 1);
}

void Jpeg::on_progress(j_common_ptr state) {
  auto& self = *static_cast<Jpeg*>(state->client_data);
  if (self.state_.input_scan_number <= self.limits_.scans) return;
  std::snprintf(self.reason_, sizeof self.reason_, "it has more than %d scans", self.limits_.scans);
  longjmp(self.errors_.jump, 1);
}

boolean Jpeg::decode_unit(j_decompress_ptr state, JBLOCKROW* blocks) {
  auto& self = *static_cast<Jpeg*>(state->client_data);
  if (!self.scan_.decode(*state, blocks)) longjmp(self.errors_.jump, 1);
  self.source_.next_input_byte = self.scan_.rest();
  self.source_.bytes_in_buffer = self.bytes_ + self.length_ - self.scan_.rest();
  return TRUE;
}

bool Jpeg::read_header() {
  if (!is_open) return refuse("no libjpeg is open");
  state_.err = libjpeg.std_error(&errors_.manager);
  errors_.manager.error_exit = on_error;
  errors_.manager.output_message = [](j_common_ptr) {};
  state_.client_data = this;
  source_.next_input_byte = bytes_;
  source_.bytes_in_buffer = length_;
  source_.init_source = [](j_decompress_ptr) {};
  source_.fill_input_buffer = no_more;
  source_.skip_input_data = skip;
  source_.resync_to_restart = libjpeg.resync_to_restart;
  source_.term_source = [](j_decompress_ptr) {};
  progress_.progress_monitor = on_progress;
  return guarded([this] {
    libjpeg.create(&state_, JPEG_LIB_VERSION, sizeof state_);
    state_.src = &source_;
    state_.progress = &progress_;
    if (libjpeg.read_header(&state_, TRUE) != JPEG_HEADER_OK) return refuse(kCutOff);
    const int components = state_.num_components;
    if (components != 1 && components != 3 && components != 4) {
      std::snprintf(reason_, sizeof reason_, "it has %d components", components);
      return false;
    }
    if (state_.data_precision != 8) {
      std::snprintf(reason_, sizeof reason_, "it has %d bits a sample", state_.data_precision);
      return false;
    }
    if (int64_t(width()) * height() > limits_.pixels) {
      std::snprintf(reason_, sizeof reason_, "%dx%d pixels exceed the limit of %lld", width(), height(),
                    static_cast<long long>(limits_.pixels));
      return false;
    }
    return true;
  });
}

bool Jpeg::start(bool rgb, bool keeps_inks) {
  return guarded([=, this] {
    state_.out_color_space = has_inks() ? JCS_CMYK : state_.num_components == 1 && !rgb ? JCS_GRAYSCALE : JCS_RGB;
    if (!libjpeg.start(&state_)) return refuse(kCutOff);
    is_quick_ = scratch_ != nullptr && scan_.begin(state_, *scratch_);
    if (is_quick_) {
      reinterpret_cast<EntropyDecoder*>(state_.entropy)->decode_unit = decode_unit;
    }
    if (has_inks() && !keeps_inks) {
      const auto memory = reinterpret_cast<j_common_ptr>(&state_);
      inks_ = static_cast<uint8_t*>(state_.mem->alloc_large(memory, JPOOL_IMAGE, size_t(width()) * 4));
    }
    return true;
  });
}

bool Jpeg::read_rows(uint8_t* to, size_t stride, int count) {
  return guarded([=, this] {
    for (int y = 0; y < count;) {
      JSAMPROW rows[16];
      const int wanted = inks_ != nullptr ? 1 : count - y < 16 ? count - y : 16;
      for (int i = 0; i < wanted; i++) rows[i] = inks_ != nullptr ? inks_ : to + (y + i) * stride;
      const int got = int(libjpeg.read_scanlines(&state_, rows, wanted));
      if (got == 0) return refuse(kCutOff);
      if (inks_ != nullptr) mix_inks(to + y * stride, inks_, width());
      y += got;
    }
    return true;
  });
}

bool Jpeg::finish() {
  return guarded([this] { return libjpeg.finish(&state_) ? true : refuse(kCutOff); });
}

}  // namespace deino::pixels
