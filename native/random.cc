// Seeds and random number generators.
#include <ATen/Context.h>

#include "shim.h"

namespace deino {

// Seeds the default generators of every device.
DEINO_API i32 deino_manual_seed(u64 seed) noexcept {
  return status([&] { at::manual_seed(seed); });
}

// A generator of its own on a device.
DEINO_API u64 deino_generator(i32 on, u64 seed) noexcept {
  return guard([&]() -> u64 {
    at::Generator made = at::globalContext().defaultGenerator(device(on)).clone();
    made.set_current_seed(seed);
    return generators.put(std::move(made));
  });
}

// A handle on the default generator of a device.
DEINO_API u64 deino_default_generator(i32 on) noexcept {
  return guard([&]() -> u64 { return generators.put(at::globalContext().defaultGenerator(device(on))); });
}

DEINO_API i32 deino_free_generator(u64 handle) noexcept {
  return guard([&]() -> i32 { return generators.drop(handle); });
}

// The generator's whole state as a byte tensor on the CPU.
DEINO_API u64 deino_generator_state(u64 handle) noexcept {
  return produce([&] {
    std::lock_guard lock(generators.get(handle).mutex());
    return generators.get(handle).get_state();
  });
}

DEINO_API i32 deino_set_generator_state(u64 handle, u64 state) noexcept {
  return status([&] {
    std::lock_guard lock(generators.get(handle).mutex());
    generators.get(handle).set_state(tensor(state));
  });
}

}  // namespace deino
