// Source: ITU-T T.81, annexes C (the order of codes) and F (what they mean).
#include "huffman_codes.h"

#include <cstring>

namespace deino::pixels {

// The longest numbers of 8-bit samples; T.81, tables F.1 and F.2.
constexpr int kMeanBits = 11, kNumberBits = 10;
// Sixteen zeros, and no number behind them.
constexpr uint8_t kZeros = 0xf0;

bool HuffmanCodes::take(const JHUFF_TBL& table, bool is_mean) {
  std::memset(whole_, 0, sizeof whole_);
  uint32_t code = 0;
  int place = 0;
  for (int length = 1; length <= 16; length++, code <<= 1) {
    offsets_[length] = place - int(code);
    for (int i = 0; i < table.bits[length]; i++, code++, place++) {
      if (place == 256 || code >= 1u << length) return false;
      const uint8_t symbol = table.huffval[place];
      const uint8_t number_bits = is_mean ? symbol : symbol & 15;
      if (number_bits > (is_mean ? kMeanBits : kNumberBits)) return false;
      const bool is_end = !is_mean && number_bits == 0 && symbol != kZeros;
      const uint8_t run = is_mean ? 0 : is_end ? kEnd : symbol >> 4;
      codes_[place] = {uint8_t(length), run, number_bits};
      const int rest = kBits - length - number_bits;
      if (rest < 0) continue;
      Whole* to = whole_ + (code << (kBits - length));
      for (uint32_t stored = 0; stored < 1u << number_bits; stored++) {
        const int16_t value = number_bits == 0 ? 0 : number(stored, number_bits);
        for (int j = 0; j < 1 << rest; j++) *to++ = {uint8_t(length + number_bits), run, value};
      }
    }
    limits_[length] = code << (16 - length);
  }
  return true;
}

HuffmanCodes::Code HuffmanCodes::find(uint64_t bits) const {
  const uint32_t next = bits >> 48;
  for (int length = 1; length <= 16; length++) {
    if (next < limits_[length]) return codes_[offsets_[length] + int(next >> (16 - length))];
  }
  return {};
}

}  // namespace deino::pixels
