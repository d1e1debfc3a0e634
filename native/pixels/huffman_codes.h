// The codes of a baseline JPEG file, looked up by the bits that come next.
#pragma once

#include <cstdint>
#include <cstdio>

#include "libjpeg/jpeglib.h"

namespace deino::pixels {

class HuffmanCodes {
 public:
  // Bits that are looked up at once.
  static constexpr int kBits = 10;
  // The run of the code that ends a block.
  static constexpr int kEnd = 64;

  // A code and the number that follows it.
  struct Whole {
    uint8_t bits;  // of both; 0 if they are more than kBits
    uint8_t run;   // zeros before the number
    int16_t number;
  };

  // A code whose number follows.
  struct Code {
    uint8_t bits;         // 0 if there is no such code
    uint8_t run;          // zeros before the number
    uint8_t number_bits;  // of the number
  };

  // Takes a table for the means of blocks, or for the other numbers. Returns false for codes that 8-bit samples have no use for.
  bool take(const JHUFF_TBL& table, bool is_mean);

  // What 64 bits begin with.
  Whole find_whole(uint64_t bits) const { return whole_[bits >> (64 - kBits)]; }
  Code find(uint64_t bits) const;

  // The number that is stored as some bits, at least one.
  static int16_t number(uint32_t stored, int bits) {
    return int16_t(stored >> (bits - 1) == 0 ? int(stored) + 1 - (1 << bits) : int(stored));
  }

 private:
  Whole whole_[1 << kBits];
  Code codes_[256];
  uint32_t limits_[17];  // of codes of each length: at the left of 16 bits, what is below
  int32_t offsets_[17];  // from codes of each length to their places
};

}  // namespace deino::pixels
