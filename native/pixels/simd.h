// Vectors of 32-bit lanes, as GCC and Clang know them on every processor.
#pragma once

#include <cstring>

#include "kernels.h"
#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

namespace deino::pixels::DEINO_KIND {

#define DEINO_INLINE static inline __attribute__((always_inline))

#ifdef __AVX2__
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif

typedef i32 Ints __attribute__((vector_size(4 * kLanes)));
typedef float Floats __attribute__((vector_size(4 * kLanes)));

// Bytes to lanes and back; lanes that are stored must lie in 0 .. 255. Compilers make these element by element where
// they are not told.
#if defined(__AVX2__)
DEINO_INLINE Ints load(const u8* from) {
  return Ints(_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from))));
}
DEINO_INLINE void store(u8* to, Ints lanes) {
  const __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(__m256i(lanes)), _mm256_extracti128_si256(__m256i(lanes), 1));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm_packus_epi16(words, words));
}
#elif defined(__ARM_NEON)
DEINO_INLINE Ints load(const u8* from) {
  u32 bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  return Ints(vmovl_u16(vget_low_u16(vmovl_u8(vcreate_u8(bytes)))));
}
DEINO_INLINE void store(u8* to, Ints lanes) {
  const uint16x4_t words = vmovn_u32(uint32x4_t(lanes));
  const uint8x8_t bytes = vmovn_u16(vcombine_u16(words, words));
  vst1_lane_u32(reinterpret_cast<u32*>(to), vreinterpret_u32_u8(bytes), 0);
}
#else
DEINO_INLINE Ints load(const u8* from) { return Ints{from[0], from[1], from[2], from[3]}; }
DEINO_INLINE void store(u8* to, Ints lanes) {
  for (int i = 0; i < kLanes; i++) to[i] = u8(lanes[i]);
}
#endif

DEINO_INLINE Floats load(const float* from) {
  Floats lanes;
  std::memcpy(&lanes, from, sizeof lanes);
  return lanes;
}

DEINO_INLINE void store(float* to, Floats lanes) { std::memcpy(to, &lanes, sizeof lanes); }

DEINO_INLINE Floats floats(Ints lanes) { return __builtin_convertvector(lanes, Floats); }

// Towards zero.
DEINO_INLINE Ints ints(Floats lanes) { return __builtin_convertvector(lanes, Ints); }

DEINO_INLINE Floats all(float value) { return Floats{} + value; }
DEINO_INLINE Ints all(i32 value) { return Ints{} + value; }

template <class Lanes>
DEINO_INLINE Lanes least(Lanes a, Lanes b) {
  return a < b ? a : b;
}

template <class Lanes>
DEINO_INLINE Lanes most(Lanes a, Lanes b) {
  return a > b ? a : b;
}

}  // namespace deino::pixels::DEINO_KIND
