// A file that is decoded in a process of its own, for formats whose libraries cannot be bounded within this one.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "messages.h"

namespace deino::pixels {

// The program that decodes, and what it is told.
struct Program {
  const char* path;
  const char* format;
  const char* library;
};

class Process {
 public:
  Process() = default;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  // Starts the program and gives it a file. Ends with what the image is.
  bool begin(const Program& program, const uint8_t* file, const Request& request, Image& image);
  // Reads the samples of the image that `begin` found, and waits for the program's end.
  bool read_samples(uint8_t* samples, size_t length);

  const char* reason() const { return reason_; }

 private:
  bool start(const Program& program);
  bool send(const void* bytes, size_t length);
  bool receive(void* bytes, size_t length);
  bool receive_part(PartHead& head);
  bool refuse(const char* reason);
  // Fails because the program ended early; says how.
  bool ended();
  int wait();

  pid_t id_ = -1;
  int socket_ = -1;
  char reason_[256] = {};
};

}  // namespace deino::pixels
