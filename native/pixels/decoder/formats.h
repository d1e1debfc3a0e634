// The formats that are decoded in a process of their own, with libraries that cannot be bounded otherwise.
#pragma once

#include <cstdint>
#include <vector>

#include "output.h"

namespace deino::decoder {

// A file, and what may be made of it.
struct File {
  std::vector<uint8_t> bytes;
  int64_t max_pixels;

  // Refuses a picture of more pixels than the file states.
  void check_size(int64_t width, int64_t height, Output& output) const {
    if (width * height > max_pixels) output.refuse("its picture is larger than it states");
  }
};

// Each opens its library, and then decodes a file by it; a file of no bytes to an image of none.
void decode_avif(const char* library, const File& file, Output& output);
void decode_jpeg2000(const char* library, const File& file, Output& output);

}  // namespace deino::decoder
