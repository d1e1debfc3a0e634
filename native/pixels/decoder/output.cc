#include "output.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace deino::decoder {

using pixels::Part;
using pixels::PartHead;

namespace {

void write_all(const void* bytes, size_t length) {
  for (const char* at = static_cast<const char*>(bytes); length > 0;) {
    const ssize_t written = write(STDOUT_FILENO, at, length);
    if (written < 0 && errno != EINTR) std::_Exit(1);
    if (written > 0) at += written, length -= size_t(written);
  }
}

void write_part(Part part, const void* bytes, size_t length) {
  const PartHead head{part, uint32_t(length)};
  write_all(&head, sizeof head);
  write_all(bytes, length);
}

}  // namespace

void Output::begin(const pixels::Image& image) {
  write_part(Part::kImage, &image, sizeof image);
}

void Output::rows(const void* bytes, size_t length) { write_part(Part::kRows, bytes, length); }

void Output::refuse(const char* reason) {
  write_part(Part::kRefusal, reason, std::strlen(reason));
  std::_Exit(1);
}

}  // namespace deino::decoder
