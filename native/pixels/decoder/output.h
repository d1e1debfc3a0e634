// What the decoder writes to its standard output: what the image is, then its rows in strips; or why there is none.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../messages.h"

namespace deino::decoder {

class Output {
 public:
  // Says what the image is.
  void begin(const pixels::Image& image);
  // Writes rows that follow those written before.
  void rows(const void* bytes, size_t length);
  // Ends the program for a reason.
  [[noreturn]] void refuse(const char* reason);
};

}  // namespace deino::decoder
