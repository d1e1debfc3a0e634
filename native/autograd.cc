// Gradients and the modes they depend on. Modes belong to the calling thread.
#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/autograd.h>

#include "shim.h"

namespace deino {

DEINO_API i32 deino_set_requires_grad(u64 handle, bool on) noexcept {
  return status([&] { tensor(handle).set_requires_grad(on); });
}

// 2 when the tensor takes part in differentiation, 1 when not, 0 on failure.
DEINO_API i32 deino_requires_grad(u64 handle) noexcept {
  return guard([&]() -> i32 { return tensor(handle).requires_grad() ? 2 : 1; });
}

// The accumulated gradient, or 0 without an error when there is none yet.
DEINO_API u64 deino_grad(u64 handle) noexcept {
  return produce([&] { return tensor(handle).grad(); });
}

DEINO_API i32 deino_set_grad(u64 handle, u64 gradient) noexcept {
  return status([&] { tensor(handle).mutable_grad() = optional_tensor(gradient).value_or(at::Tensor()); });
}

// Writes a handle on each tensor's gradient to `out`, 0 where there is none.
DEINO_API i32 deino_gather_grads(const u64* handles, i32 count, u64* out) noexcept {
  return status([&] {
    checked(handles, count);
    checked(out, count);
    for (i32 i = 0; i < count; i++) out[i] = box(tensor(handles[i]).grad());
  });
}

// Forgets the gradients of many tensors in one call.
DEINO_API i32 deino_clear_grads(const u64* handles, i32 count) noexcept {
  return status([&] {
    checked(handles, count);
    for (i32 i = 0; i < count; i++) tensor(handles[i]).mutable_grad().reset();
  });
}

// Accumulates into .grad the gradient of a tensor, seeded with `gradient` (0: one, for a scalar).
DEINO_API i32 deino_backward(u64 handle, u64 gradient, bool retain_graph) noexcept {
  return status([&] { tensor(handle).backward(optional_tensor(gradient).value_or(at::Tensor()), retain_graph); });
}

// The gradients of `outputs` with respect to `inputs`; 0 in place of an input the outputs do not use.
DEINO_API i32 deino_grads(const u64* outputs, i32 output_count, const u64* inputs, i32 input_count,
                          const u64* seeds, i32 seed_count, bool retain_graph, bool create_graph, u64* out,
                          i32 capacity) noexcept {
  return produce_list(out, capacity, [&] {
    return torch::autograd::grad(tensor_list(outputs, output_count).items, tensor_list(inputs, input_count).items,
                                 tensor_list(seeds, seed_count).items, retain_graph, create_graph,
                                 /*allow_unused=*/true);
  });
}

// Switches graph recording; returns the state before.
DEINO_API bool deino_set_grad_mode(bool on) noexcept {
  const bool before = c10::GradMode::is_enabled();
  c10::GradMode::set_enabled(on);
  return before;
}

DEINO_API bool deino_grad_mode() noexcept { return c10::GradMode::is_enabled(); }

// Enters autocast to `type` on a device type, or leaves it with `type` -1. Returns what was in force
// plus 2, so that 1 says "none" and 0 says failure.
DEINO_API i32 deino_set_autocast(i32 device_type, i32 type) noexcept {
  return guard([&]() -> i32 {
    const at::DeviceType kind = device(device_type << 8).type();
    const bool enabled = at::autocast::is_autocast_enabled(kind);
    const i32 before = enabled ? static_cast<i32>(at::autocast::get_autocast_dtype(kind)) : -1;
    if (type < 0) {
      at::autocast::set_autocast_enabled(kind, false);
      at::autocast::clear_cache();  // cached casts of weights must not outlive the next update
    } else {
      at::autocast::set_autocast_dtype(kind, dtype(type));
      at::autocast::set_autocast_enabled(kind, true);
    }
    return before + 2;
  });
}

}  // namespace deino
