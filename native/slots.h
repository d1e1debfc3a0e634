// A table of objects addressed by checked handles, so that stale and invented handles are errors.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace deino {

// A handle is generation << 32 | index. A slot's generation is odd while it holds an object and grows
// by one on each put and each drop, so no handle is zero and none outlives its object. Slots never
// move; only the free list is locked.
template <class T>
class SlotTable {
 public:
  explicit SlotTable(const char* noun) : noun_(noun) {}

  uint64_t put(T value) {
    const uint32_t index = take_index();
    Slot& slot = at(index);
    slot.value = std::move(value);
    const uint32_t generation = slot.generation.fetch_add(1, std::memory_order_release) + 1;
    live_.fetch_add(1, std::memory_order_relaxed);
    return static_cast<uint64_t>(generation) << 32 | index;
  }

  T& get(uint64_t handle) {
    Slot* slot = find(handle);
    if (slot == nullptr) throw std::invalid_argument(describe(handle));
    return slot->value;
  }

  // Frees the object; false when the handle does not name one.
  bool drop(uint64_t handle) {
    Slot* slot = find(handle);
    if (slot == nullptr) return false;
    uint32_t expected = static_cast<uint32_t>(handle >> 32);
    if (!slot->generation.compare_exchange_strong(expected, expected + 1)) return false;
    T dead = std::exchange(slot->value, T());
    live_.fetch_sub(1, std::memory_order_relaxed);
    std::lock_guard lock(mutex_);
    free_.push_back(static_cast<uint32_t>(handle));
    return true;
  }

  int64_t live() const { return live_.load(std::memory_order_relaxed); }

 private:
  struct Slot {
    std::atomic<uint32_t> generation{0};
    T value;
  };
  static constexpr uint32_t kChunkSize = 4096;
  static constexpr uint32_t kMaxChunks = 16384;  // 67 million live objects

  Slot& at(uint32_t index) {
    return chunks_[index / kChunkSize].load(std::memory_order_acquire)[index % kChunkSize];
  }

  Slot* find(uint64_t handle) {
    const uint32_t index = static_cast<uint32_t>(handle), generation = handle >> 32;
    if (generation % 2 == 0 || index >= size_.load(std::memory_order_acquire)) return nullptr;
    Slot& slot = at(index);
    return slot.generation.load(std::memory_order_acquire) == generation ? &slot : nullptr;
  }

  uint32_t take_index() {
    std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      const uint32_t index = free_.back();
      free_.pop_back();
      return index;
    }
    const uint32_t index = size_.load(std::memory_order_relaxed);
    if (index % kChunkSize == 0) {
      if (index / kChunkSize == kMaxChunks) throw std::length_error("too many live objects");
      owned_.push_back(std::make_unique<Slot[]>(kChunkSize));
      chunks_[index / kChunkSize].store(owned_.back().get(), std::memory_order_release);
    }
    size_.store(index + 1, std::memory_order_release);
    return index;
  }

  std::string describe(uint64_t handle) const {
    if (handle == 0) return std::string("a ") + noun_ + " is missing where one is required";
    return std::string("the ") + noun_ + " was disposed before this use";
  }

  const char* noun_;
  std::mutex mutex_;
  std::vector<uint32_t> free_;
  std::vector<std::unique_ptr<Slot[]>> owned_;
  std::array<std::atomic<Slot*>, kMaxChunks> chunks_{};
  std::atomic<uint32_t> size_{0};
  std::atomic<int64_t> live_{0};
};

}  // namespace deino
