// Start-up, versions, errors, lifetime, threads.
#include <ATen/Parallel.h>
#include <c10/util/Exception.h>
#include <dlfcn.h>
#include <torch/csrc/inductor/aoti_torch/c/shim.h>
#include <torch/headeronly/version.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "ops.gen.h"
#include "shim.h"

namespace deino {

namespace {

void record(ErrorKind kind, const char* text) noexcept {
  try {
    last_error.kind = kind;
    last_error.text = text;
  } catch (...) {
    last_error.text.clear();  // no memory even for the message: the kind alone is reported
  }
}

bool is_allocation_failure(const std::string& text) {
  return text.find("DefaultCPUAllocator") != std::string::npos;
}

}  // namespace

void record_exception() noexcept {
  try {
    throw;
  } catch (const c10::OutOfMemoryError& e) {
    record(ErrorKind::kMemory, e.what_without_backtrace());
  } catch (const c10::IndexError& e) {
    record(ErrorKind::kRange, e.what_without_backtrace());
  } catch (const c10::TypeError& e) {
    record(ErrorKind::kType, e.what_without_backtrace());
  } catch (const c10::Error& e) {
    const char* text = e.what_without_backtrace();
    record(is_allocation_failure(text) ? ErrorKind::kMemory : ErrorKind::kGeneral, text);
  } catch (const std::bad_alloc&) {
    record(ErrorKind::kMemory, "out of memory");
  } catch (const std::invalid_argument& e) {
    record(ErrorKind::kType, e.what());
  } catch (const std::exception& e) {
    record(ErrorKind::kGeneral, e.what());
  } catch (...) {
    record(ErrorKind::kGeneral, "unknown native error");
  }
}

// The libtorch this shim was compiled against, as TORCH_ABI_VERSION packs it.
DEINO_API u64 deino_built_for() noexcept { return TORCH_ABI_VERSION; }

// The libtorch that is loaded now, packed alike.
DEINO_API u64 deino_running_on() noexcept {
  return guard([]() -> u64 { return aoti_torch_abi_version(); });
}

// The hash of the operator list both sides of the boundary were generated from.
DEINO_API u64 deino_operator_hash() noexcept { return kOperatorHash; }

// Loads libtorch's CUDA half. Must come first: libtorch caches the answer to "is CUDA there?".
DEINO_API i32 deino_load_cuda(const char* path, i32 length) noexcept {
  return status([&] {
    const std::string file(text(path, length));
    if (dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) throw std::runtime_error(dlerror());
  });
}

// Copies the last error's text and returns kind << 24 | length, or 0 when there is none; clears it.
DEINO_API i32 deino_take_error(u8* buffer, i32 capacity) noexcept {
  if (last_error.kind == ErrorKind::kNone || buffer == nullptr || capacity < 0) return 0;
  const size_t length = std::min<size_t>(last_error.text.size(), capacity);
  std::memcpy(buffer, last_error.text.data(), length);
  const i32 kind = static_cast<i32>(last_error.kind);
  last_error.kind = ErrorKind::kNone;
  last_error.text.clear();
  return kind << 24 | static_cast<i32>(length);
}

// Frees a tensor; 0 when the handle is null or was freed before.
DEINO_API i32 deino_free(u64 handle) noexcept {
  return guard([&]() -> i32 { return tensors.drop(handle); });
}

DEINO_API i32 deino_free_many(const u64* handles, i32 count) noexcept {
  return status([&] {
    checked(handles, count);
    for (i32 i = 0; i < count; i++) tensors.drop(handles[i]);
  });
}

DEINO_API i64 deino_live_tensors() noexcept { return tensors.live(); }

DEINO_API i32 deino_threads() noexcept { return at::get_num_threads(); }

DEINO_API i32 deino_set_threads(i32 count) noexcept {
  return status([&] { at::set_num_threads(count); });
}

}  // namespace deino
