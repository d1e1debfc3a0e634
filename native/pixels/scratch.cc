#include "scratch.h"

#include <cstdlib>
#include <new>

namespace deino::pixels {

Scratch::~Scratch() { shrink(0); }

uint8_t* Scratch::bytes(Use use, size_t size) {
  if (size > size_[use]) {
    std::free(memory_[use]);
    size_[use] = 0;
    const size_t rounded = (size + 63) / 64 * 64;
    memory_[use] = static_cast<uint8_t*>(std::aligned_alloc(64, rounded));
    if (memory_[use] == nullptr) throw std::bad_alloc();
    size_[use] = rounded;
  }
  return memory_[use];
}

void Scratch::shrink(size_t limit) {
  for (int use = 0; use < kUses; use++) {
    if (size_[use] <= limit) continue;
    std::free(memory_[use]);
    memory_[use] = nullptr;
    size_[use] = 0;
  }
}

}  // namespace deino::pixels
