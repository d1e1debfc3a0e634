// What goes between a process that decodes and its parent, over a pair of sockets.
#pragma once

#include <cstdint>

namespace deino::pixels {

// What the parent sends first; the file follows.
struct Request {
  uint64_t length;      // bytes of the file
  uint64_t max_pixels;  // the most that its picture may have
  uint64_t max_memory;  // the most bytes that may be mapped to decode it
};

enum class Part : int32_t { kImage = 1, kRows = 2, kRefusal = 3 };

// What comes back: parts, each with a head.
struct PartHead {
  Part part;
  uint32_t length;  // bytes that follow: an Image, rows, or the words of a reason
};

struct Image {
  int32_t width;
  int32_t height;
  int32_t channels;
  int32_t sample_bytes;  // 1 or 2
};

}  // namespace deino::pixels
