// JPEG by a libjpeg that is found at run time: the one that Pillow ships, or the system's.
#pragma once

#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstdio>

#include "jpeg_scan.h"

namespace deino::pixels {

// Opens the libjpeg at a path, once for the process. Returns why it cannot be used, or null.
const char* open_libjpeg(const char* path);

// What a file may cost at most.
struct JpegLimits {
  int64_t pixels;
  int32_t scans;
};

// A JPEG file in memory, decoded as Pillow decodes it: rows of gray, or of red, green and blue.
//
// Errors of libjpeg come back as false; `reason()` then says why.
class Jpeg {
 public:
  // With scratch, the numbers of ordinary files are decoded by JpegScan; what it refuses fails, and can be tried without.
  Jpeg(const uint8_t* bytes, size_t length, JpegLimits limits, Scratch* scratch = nullptr);
  Jpeg(const Jpeg&) = delete;
  Jpeg& operator=(const Jpeg&) = delete;
  ~Jpeg();

  // Reads the headers up to the first scan.
  bool read_header();
  // Begins decoding. With `rgb`, gray is spread over three channels. Inks are mixed to colours unless they are kept.
  bool start(bool rgb, bool keeps_inks = false);
  // Decodes `count` rows to `to`, `stride` bytes apart.
  bool read_rows(uint8_t* to, size_t stride, int count);
  // Reads what is left, up to the end marker. A file without one is cut off.
  bool finish();

  int width() const { return int(state_.image_width); }
  int height() const { return int(state_.image_height); }
  // Of the rows as they are stored: 1 for gray, 3 for colours and inks.
  int channels() const { return state_.num_components == 1 ? 1 : 3; }
  bool has_inks() const { return state_.num_components == 4; }
  // Whether JpegScan decodes its numbers.
  bool is_quick() const { return is_quick_; }
  // Fails for a reason.
  bool refuse(const char* reason);
  const char* reason() const { return reason_; }

 private:
  struct Errors {
    jpeg_error_mgr manager;  // libjpeg hands back a pointer to this
    jmp_buf jump;
  };

  template <class Body>
  bool guarded(Body body);
  static boolean decode_unit(j_decompress_ptr state, JBLOCKROW* blocks);
  static void on_error(j_common_ptr state);
  static void on_progress(j_common_ptr state);

  const uint8_t* bytes_;
  size_t length_;
  JpegLimits limits_;
  Scratch* scratch_;
  JpegScan scan_;
  jpeg_decompress_struct state_ = {};
  Errors errors_ = {};
  jpeg_source_mgr source_ = {};
  jpeg_progress_mgr progress_ = {};
  bool is_quick_ = false;
  uint8_t* inks_ = nullptr;  // a row of four inks, in libjpeg's memory
  char reason_[JMSG_LENGTH_MAX] = "";
};

}  // namespace deino::pixels
