// libtorch's profiler: every operator on the host and, where there is CUDA, every kernel on the device, as a trace that
// Perfetto and Chrome open.
#include <ATen/Context.h>
#include <ATen/record_function.h>
#include <torch/csrc/autograd/profiler_kineto.h>

#include <cstdlib>
#include <memory>
#include <set>

#include "shim.h"

namespace deino {

namespace profiler = torch::autograd::profiler;
using torch::profiler::impl::ActivityType;

// Ranges that are open, the innermost last. They begin and end on the thread that opened them.
static std::vector<std::unique_ptr<at::RecordFunction>> ranges;

DEINO_API i32 deino_profile_start() noexcept {
  return status([] {
    const profiler::ProfilerConfig config(profiler::ProfilerState::KINETO);
    std::set<ActivityType> activities{ActivityType::CPU};
    setenv("KINETO_LOG_LEVEL", "99", /*overwrite=*/0);  // it would tell of every start and stop
    if (at::globalContext().hasCUDA()) activities.insert(ActivityType::CUDA);
    profiler::prepareProfiler(config, activities);
    profiler::enableProfiler(config, activities);
  });
}

// Ends the recording and writes it to a file of JSON.
DEINO_API i32 deino_profile_stop(const char* path, i32 length) noexcept {
  return status([&] {
    const std::string file(text(path, length));
    profiler::disableProfiler()->save(file);
  });
}

// Begins a range of this name, within which operators are shown.
DEINO_API i32 deino_range_push(const char* name, i32 length) noexcept {
  return status([&] {
    const std::string label(text(name, length));
    auto range = std::make_unique<at::RecordFunction>(at::RecordScope::USER_SCOPE);
    if (range->isActive()) range->before(label);
    ranges.push_back(std::move(range));
  });
}

DEINO_API i32 deino_range_pop() noexcept {
  return status([] {
    if (ranges.empty()) throw std::logic_error("no range is open");
    ranges.pop_back();
  });
}

}  // namespace deino
