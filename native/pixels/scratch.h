// Memory that a thread keeps between images.
#pragma once

#include <cstddef>
#include <cstdint>

namespace deino::pixels {

class Scratch {
 public:
  enum Use { kImage, kStrip, kColumns, kRows, kScan, kPlanes, kAcross, kDown, kBlur, kUses };

  Scratch() = default;
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();

  // At least so many bytes for a use, aligned to 64; what they hold is left open. Throws std::bad_alloc.
  uint8_t* bytes(Use use, size_t size);

  // Lets go of everything beyond so many bytes: one huge image shall not be paid for ever.
  void shrink(size_t limit);

 private:
  uint8_t* memory_[kUses] = {};
  size_t size_[kUses] = {};
};

}  // namespace deino::pixels
