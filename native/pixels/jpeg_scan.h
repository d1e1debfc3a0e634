// The numbers of a baseline JPEG file, decoded in the place of libjpeg: it spends most of its time on them.
#pragma once

#include <cstddef>

#include "huffman_codes.h"
#include "scratch.h"

namespace deino::pixels {

// The scan of a file that has one. Whatever is unusual in it is refused, and left to libjpeg.
class JpegScan {
 public:
  // Whether a file whose decoding begins can be decoded here.
  bool begin(const jpeg_decompress_struct& state, Scratch& scratch);

  // Decodes the next unit to blocks of zeros. Returns false where something is unusual.
  bool decode(const jpeg_decompress_struct& state, JBLOCKROW* blocks);

  // The file from the next marker on.
  const uint8_t* rest() const { return rest_; }

 private:
  // The bits that come next.
  struct Bits {
    const uint8_t* at;  // what follows them
    uint64_t bits;      // at the left
    int count;

    void fill();
    void drop(int dropped);
    bool take(const HuffmanCodes& codes, HuffmanCodes::Whole& whole);
  };

  void read_part();
  bool restart();
  static bool decode_block(Bits& bits, const HuffmanCodes& means, const HuffmanCodes& codes, int& mean, JCOEF* block);

  HuffmanCodes means_[NUM_HUFF_TBLS], codes_[NUM_HUFF_TBLS];
  const uint8_t* rest_;
  const uint8_t* end_;
  uint8_t* part_;  // the data before the next marker
  const uint8_t* part_end_;
  Bits next_;
  int last_[MAX_COMPS_IN_SCAN] = {};  // the mean of each component's last block
  unsigned left_;                     // units before the next restart
  int restarts_ = 0;
};

}  // namespace deino::pixels
