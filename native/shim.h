// The vocabulary of the C interface: handles, errors, and the conversions that exported functions share.
//
// Every export is noexcept and takes only integers, floats and buffers. A handle is a slot number with a
// generation: a null, freed or invented handle is an error message, never a crash. Zero means failure.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/IListRef.h>
#include <ATen/core/List.h>
#include <ATen/core/Tensor.h>
#include <c10/core/SymIntArrayRef.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "slots.h"

namespace deino {

using u64 = uint64_t;
using i64 = int64_t;
using u32 = uint32_t;
using i32 = int32_t;
using u8 = uint8_t;
using f64 = double;

#define DEINO_API extern "C" __attribute__((visibility("default")))

inline SlotTable<at::Tensor> tensors("tensor");
inline SlotTable<at::Generator> generators("generator");

// Numbered as src/ffi/errors.ts reads them.
enum class ErrorKind : i32 { kNone = 0, kGeneral = 1, kRange = 2, kType = 3, kMemory = 4 };

// The last failure of this thread; reading it clears it.
struct ErrorSlot {
  ErrorKind kind = ErrorKind::kNone;
  std::string text;
};
inline thread_local ErrorSlot last_error;

// Stores the exception in flight in the thread's error slot.
void record_exception() noexcept;

// Runs `body`; an exception becomes an error message and the zero value of its result.
template <class F>
auto guard(F&& body) noexcept -> decltype(body()) {
  try {
    return body();
  } catch (...) {
    record_exception();
    return {};
  }
}

inline u64 box(at::Tensor tensor) { return tensor.defined() ? tensors.put(std::move(tensor)) : 0; }

inline at::Tensor& tensor(u64 handle) { return tensors.get(handle); }

template <class F>
i32 status(F&& body) noexcept {
  return guard([&]() -> i32 {
    body();
    return 1;
  });
}

template <class F>
u64 produce(F&& body) noexcept {
  return guard([&]() -> u64 { return box(at::Tensor(body())); });
}

// Writes the handles of several results to `out`; returns how many.
template <class F>
i32 produce_list(u64* out, i32 capacity, F&& body) noexcept {
  return guard([&]() -> i32 {
    std::vector<at::Tensor> results = body();
    if (out == nullptr || static_cast<size_t>(capacity) < results.size()) {
      throw std::length_error("the result buffer holds " + std::to_string(capacity) + " of " +
                              std::to_string(results.size()) + " tensors");
    }
    i32 count = 0;
    for (auto& result : results) out[count++] = box(std::move(result));
    return count;
  });
}

template <class F>
i32 produce_tuple(u64* out, i32 capacity, F&& body) noexcept {
  return produce_list(out, capacity, [&] {
    return std::apply([](auto&&... x) { return std::vector<at::Tensor>{at::Tensor(x)...}; }, body());
  });
}

// The data of a list or of a buffer for results, which may only be absent where it is empty.
template <class T>
T* checked(T* data, i64 count) {
  if (count < 0 || (data == nullptr && count > 0)) throw std::invalid_argument("a list argument is null");
  return data;
}

// ---- Arguments of generated operators ----

inline std::optional<at::Tensor> optional_tensor(u64 handle) {
  return handle == 0 ? std::nullopt : std::optional<at::Tensor>(tensor(handle));
}

// A list argument: operators want one of several list views over the same vector.
struct TensorArgs {
  std::vector<at::Tensor> items;
  operator at::TensorList() const { return items; }
  operator at::ITensorListRef() const { return at::ITensorListRef(items); }
};
inline TensorArgs tensor_list(const u64* handles, i32 count) {
  TensorArgs list;
  checked(handles, count);
  list.items.reserve(count);
  for (i32 i = 0; i < count; i++) list.items.push_back(tensor(handles[i]));
  return list;
}
inline c10::List<std::optional<at::Tensor>> optional_tensor_list(const u64* handles, i32 count) {
  c10::List<std::optional<at::Tensor>> list;
  checked(handles, count);
  for (i32 i = 0; i < count; i++) list.push_back(optional_tensor(handles[i]));
  return list;
}

inline at::IntArrayRef int_list(const i64* values, i32 count) {
  return at::IntArrayRef(checked(values, count), count);
}
inline at::OptionalIntArrayRef optional_int_list(const i64* values, i32 count) {
  return count < 0 ? at::OptionalIntArrayRef() : at::OptionalIntArrayRef(int_list(values, count));
}
inline c10::SymIntArrayRef symint_list(const i64* values, i32 count) {
  return c10::fromIntArrayRefSlow(int_list(values, count));
}
inline at::OptionalSymIntArrayRef optional_symint_list(const i64* values, i32 count) {
  return count < 0 ? at::OptionalSymIntArrayRef()
                   : at::OptionalSymIntArrayRef(symint_list(values, count));
}

inline at::Scalar scalar(f64 value, bool integral) {
  return integral ? at::Scalar(static_cast<i64>(value)) : at::Scalar(value);
}
inline std::vector<at::Scalar> scalar_list(const f64* values, i32 count) {
  return {checked(values, count), values + count};
}
inline std::optional<at::Scalar> optional_scalar(f64 value, i32 kind) {
  return kind < 0 ? std::nullopt : std::optional<at::Scalar>(scalar(value, kind == 1));
}
template <class T>
std::optional<T> optional_value(T value, bool present) {
  return present ? std::optional<T>(value) : std::nullopt;
}
inline std::optional<bool> optional_bool(i32 value) {
  return value < 0 ? std::nullopt : std::optional<bool>(value != 0);
}

inline std::string_view text(const char* data, i32 length) { return {checked(data, length), size_t(length)}; }

at::ScalarType dtype(i32 code);  // throws for a code that names no supported type
inline std::optional<at::ScalarType> optional_dtype(i32 code) {
  return code < 0 ? std::nullopt : std::optional<at::ScalarType>(dtype(code));
}

// A device is packed as type << 8 | index, index 255 meaning "the current one".
at::Device device(i32 code);
i32 device_code(at::Device device);
inline std::optional<at::Device> optional_device(i32 code) {
  return code < 0 ? std::nullopt : std::optional<at::Device>(device(code));
}

inline std::optional<at::Generator> optional_generator(u64 handle) {
  return handle == 0 ? std::nullopt : std::optional<at::Generator>(generators.get(handle));
}

}  // namespace deino
