// Tensors in and out: bytes, shape, type, device.
#include <ATen/Functions.h>

#include <cstring>

#include "shim.h"

namespace deino {

at::ScalarType dtype(i32 code) {
  const auto type = static_cast<at::ScalarType>(code);
  switch (type) {
    case at::kByte:
    case at::kInt:
    case at::kLong:
    case at::kHalf:
    case at::kFloat:
    case at::kDouble:
    case at::kBool:
    case at::kBFloat16:
      return type;
    default:
      throw std::invalid_argument("no data type has the code " + std::to_string(code));
  }
}

at::Device device(i32 code) {
  const auto type = static_cast<at::DeviceType>(code >> 8);
  if (type != at::kCPU && type != at::kCUDA && type != at::kMeta) {
    throw std::invalid_argument("no device has the code " + std::to_string(code));
  }
  const i32 index = code & 255;
  return at::Device(type, type != at::kCUDA || index == 255 ? -1 : static_cast<at::DeviceIndex>(index));
}

i32 device_code(at::Device device) {
  const i32 index = device.is_cpu() ? 0 : device.has_index() ? device.index() : 255;
  return static_cast<i32>(device.type()) << 8 | index;
}

// A new tensor with a copy of `bytes` bytes of row-major data. Where it is `queued`, a CUDA device gets it through
// page-locked memory, and nobody waits: what is computed there next finds it. libtorch keeps that memory for the next data
// of this size, so only what comes again and again is worth queuing.
DEINO_API u64 deino_from_data(const u8* data, i64 bytes, const i64* shape, i32 dims, i32 type,
                              i32 on, bool queued) noexcept {
  return produce([&] {
    const bool pinned = queued && device(on).is_cuda();
    const auto options = at::TensorOptions().dtype(dtype(type)).pinned_memory(pinned);
    at::Tensor host = at::empty(int_list(shape, dims), options);
    if (static_cast<i64>(host.nbytes()) != bytes) {
      throw std::invalid_argument("the shape needs " + std::to_string(host.nbytes()) +
                                  " bytes, the data has " + std::to_string(bytes));
    }
    std::memcpy(host.mutable_data_ptr(), checked(data, bytes), bytes);
    return host.to(device(on), host.scalar_type(), /*non_blocking=*/pinned);
  });
}

// Copies the tensor's values, row-major, into `bytes` bytes at `out`. Waits for the device.
DEINO_API i32 deino_to_data(u64 handle, u8* out, i64 bytes) noexcept {
  return status([&] {
    const at::Tensor host = tensor(handle).detach().cpu().contiguous();
    if (static_cast<i64>(host.nbytes()) != bytes) {
      throw std::invalid_argument("the tensor has " + std::to_string(host.nbytes()) +
                                  " bytes, the buffer " + std::to_string(bytes));
    }
    std::memcpy(checked(out, bytes), host.const_data_ptr(), bytes);
  });
}

// Writes type, device and the dimensions; returns the number of dimensions plus one.
DEINO_API i32 deino_describe(u64 handle, i64* out, i32 capacity) noexcept {
  return guard([&]() -> i32 {
    const at::Tensor& self = tensor(handle);
    if (out == nullptr || capacity < self.dim() + 2) {
      throw std::length_error("the shape buffer is too small");
    }
    out[0] = static_cast<i64>(self.scalar_type());
    out[1] = device_code(self.device());
    std::copy(self.sizes().begin(), self.sizes().end(), out + 2);
    return static_cast<i32>(self.dim()) + 1;
  });
}

// The value of a one-element tensor. Waits for the device.
DEINO_API i32 deino_item(u64 handle, f64* out) noexcept {
  return status([&] { *checked(out, 1) = tensor(handle).item<f64>(); });
}

}  // namespace deino
