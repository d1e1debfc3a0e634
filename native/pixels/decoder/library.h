// A library that is found when the program runs.
#pragma once

#include <dlfcn.h>

#include "output.h"

namespace deino::decoder {

class Library {
 public:
  Library(const char* path, Output& output) : output_(output), handle_(dlopen(path, RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) output_.refuse(dlerror());
  }

  template <class Function>
  void find(Function*& function, const char* name) {
    function = reinterpret_cast<Function*>(dlsym(handle_, name));
    if (function == nullptr) output_.refuse(dlerror());
  }

 private:
  Output& output_;
  void* handle_;
};

}  // namespace deino::decoder
