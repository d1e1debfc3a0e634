// Source: ITU-T T.81, annexes E (restarts) and F (blocks).
#include "jpeg_scan.h"

#include <cstring>

namespace deino::pixels {

namespace {

// Where the numbers of a block belong, in the order of the file; T.81, figure A.6.
constexpr uint8_t kZigzag[DCTSIZE2] = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

// Bits that there are at least after a fill, and what is taken of them before the next one.
constexpr int kFilled = 56, kWholes = kFilled / HuffmanCodes::kBits;

// How far a unit may reach beyond the data before that is seen: 4 bytes a number at most, and what is read ahead.
constexpr size_t kBeyond = D_MAX_BLOCKS_IN_MCU * DCTSIZE2 * 4 + 8;

}  // namespace

inline void JpegScan::Bits::fill() {
  uint64_t word;
  std::memcpy(&word, at, sizeof word);
  bits |= __builtin_bswap64(word) >> count;
  at += (63 - count) >> 3;
  count |= kFilled;
}

inline void JpegScan::Bits::drop(int dropped) {
  bits <<= dropped;
  count -= dropped;
}

// Takes a code and a number that were too long to be looked up. Returns false if there is no such code.
bool JpegScan::Bits::take(const HuffmanCodes& codes, HuffmanCodes::Whole& whole) {
  fill();
  const auto [code_bits, run, number_bits] = codes.find(bits);
  drop(code_bits);
  const int16_t number = number_bits == 0 ? 0 : HuffmanCodes::number(uint32_t(bits >> (64 - number_bits)), number_bits);
  drop(number_bits);
  whole = {0, run, number};
  return code_bits != 0;
}

bool JpegScan::begin(const jpeg_decompress_struct& state, Scratch& scratch) {
  if (state.progressive_mode || state.arith_code || state.comps_in_scan != state.num_components) return false;
  for (int i = 0; i < state.comps_in_scan; i++) {
    const int mean = state.cur_comp_info[i]->dc_tbl_no, code = state.cur_comp_info[i]->ac_tbl_no;
    const JHUFF_TBL* means = state.dc_huff_tbl_ptrs[mean];
    const JHUFF_TBL* codes = state.ac_huff_tbl_ptrs[code];
    if (means == nullptr || codes == nullptr) return false;
    if (!means_[mean].take(*means, true) || !codes_[code].take(*codes, false)) return false;
  }
  rest_ = state.src->next_input_byte;
  end_ = rest_ + state.src->bytes_in_buffer;
  part_ = scratch.bytes(Scratch::kScan, state.src->bytes_in_buffer + kBeyond);
  left_ = state.restart_interval;
  read_part();
  return true;
}

// Copies the data before the next marker, without the zero behind each 255 that tells it from a marker.
void JpegScan::read_part() {
  uint8_t* to = part_;
  for (bool is_data = true; is_data && rest_ < end_;) {
    const void* found = std::memchr(rest_, 0xff, end_ - rest_);
    const uint8_t* stop = found == nullptr ? end_ : static_cast<const uint8_t*>(found);
    is_data = end_ - stop >= 2 && stop[1] == 0;
    const size_t length = stop - rest_ + (is_data ? 1 : 0);
    std::memcpy(to, rest_, length);
    to += length;
    rest_ = stop + (is_data ? 2 : 0);
  }
  std::memset(to, 0, kBeyond);
  part_end_ = to;
  next_ = {part_, 0, 0};
}

bool JpegScan::restart() {
  const bool is_read = next_.at - next_.count / 8 == part_end_;
  if (!is_read || end_ - rest_ < 2 || rest_[1] != JPEG_RST0 + restarts_) return false;
  restarts_ = (restarts_ + 1) % 8;
  rest_ += 2;
  std::memset(last_, 0, sizeof last_);
  read_part();
  return true;
}

inline bool JpegScan::decode_block(Bits& bits, const HuffmanCodes& means, const HuffmanCodes& codes, int& mean,
                                   JCOEF* block) {
  bits.fill();
  HuffmanCodes::Whole whole = means.find_whole(bits.bits);
  if (whole.bits == 0 && !bits.take(means, whole)) return false;
  bits.drop(whole.bits);
  mean += whole.number;
  if (mean != JCOEF(mean)) return false;
  block[0] = JCOEF(mean);
  for (int k = 1; k < DCTSIZE2;) {
    bits.fill();
    int left = kWholes;
    do {
      whole = codes.find_whole(bits.bits);
      if (__builtin_expect(whole.bits == 0, 0)) {
        if (!bits.take(codes, whole)) return false;
        left = 1;
      }
      bits.drop(whole.bits);
      k += whole.run;
      if (k >= DCTSIZE2) return whole.run == HuffmanCodes::kEnd;
      block[kZigzag[k++]] = whole.number;
    } while (--left > 0 && k < DCTSIZE2);
  }
  return true;
}

bool JpegScan::decode(const jpeg_decompress_struct& state, JBLOCKROW* blocks) {
  if (state.restart_interval != 0) {
    if (left_ == 0) {
      if (!restart()) return false;
      left_ = state.restart_interval;
    }
    left_--;
  }
  Bits bits = next_;
  for (int i = 0; i < state.blocks_in_MCU; i++) {
    const int which = state.MCU_membership[i];
    const jpeg_component_info& component = *state.cur_comp_info[which];
    const HuffmanCodes& means = means_[component.dc_tbl_no];
    const HuffmanCodes& codes = codes_[component.ac_tbl_no];
    if (!decode_block(bits, means, codes, last_[which], blocks[i][0])) return false;
  }
  next_ = bits;
  return bits.at - bits.count / 8 <= part_end_;
}

}  // namespace deino::pixels
