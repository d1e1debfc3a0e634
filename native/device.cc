// Accelerators: presence, waiting, memory, determinism. Uses libtorch's device-neutral interfaces, so one
// shared object serves CPU and CUDA installs.
#include <ATen/Context.h>
#include <ATen/DeviceAccelerator.h>

#include "shim.h"

namespace deino {

// The number of CUDA devices plus one; 0 on failure.
DEINO_API i32 deino_cuda_devices() noexcept {
  return guard([]() -> i32 {
    if (!at::globalContext().hasCUDA()) return 1;
    return at::accelerator::deviceCount() + 1;
  });
}

// Waits until the device has finished all work given to it.
DEINO_API i32 deino_synchronize(i32 on) noexcept {
  return status([&] {
    if (!device(on).is_cpu()) at::accelerator::synchronizeDevice(device(on).index());
  });
}

// Bytes of device memory in tensors now and at most so far.
DEINO_API i32 deino_device_memory(i32 on, i64* out) noexcept {
  return status([&] {
    checked(out, 2);
    const auto stats = at::accelerator::getDeviceStats(device(on).index());
    out[0] = stats.allocated_bytes[0].current;
    out[1] = stats.allocated_bytes[0].peak;
  });
}

// Bytes of a device's memory in all and free.
DEINO_API i32 deino_device_capacity(i32 on, i64* out) noexcept {
  return status([&] {
    checked(out, 2);
    TORCH_CHECK(device(on).is_cuda(), "the memory of a CUDA device is asked for");
    at::globalContext().lazyInitDevice(c10::DeviceType::CUDA);
    const auto index = device(on).has_index() ? device(on).index() : at::accelerator::getDeviceIndex();
    const auto [free, total] = at::accelerator::getMemoryInfo(index);
    out[0] = static_cast<i64>(total);
    out[1] = static_cast<i64>(free);
  });
}

DEINO_API i32 deino_reset_peak_memory(i32 on) noexcept {
  return status([&] { at::accelerator::resetPeakStats(device(on).index()); });
}

DEINO_API i32 deino_empty_cache() noexcept {
  return status([] { at::accelerator::emptyCache(); });
}

// Chooses algorithms that give the same bits on every run.
DEINO_API i32 deino_set_deterministic(bool on) noexcept {
  return status([&] {
    at::globalContext().setDeterministicAlgorithms(on, /*warn_only=*/false);
    at::globalContext().setDeterministicCuDNN(on);
  });
}

// Lets float32 products use TF32 on the device, as the reference does.
DEINO_API i32 deino_set_tf32(bool on) noexcept {
  return status([&] {
    at::globalContext().setAllowTF32CuBLAS(on);
    at::globalContext().setAllowTF32CuDNN(on);
  });
}

}  // namespace deino
