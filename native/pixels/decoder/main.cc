// deino_decoder FORMAT LIBRARY: decodes the file that it is asked to on its input, and answers in parts on its output.
//
// A decoder that hangs, fails or takes too much ends with this process. What it may take depends on the file alone.
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <new>

#include "formats.h"

namespace deino::decoder {

namespace {

// Of this process's own time: longer than any sound file takes, and less than a silent thread is waited for.
constexpr rlim_t kSeconds = 1500;

void limit(int resource, rlim_t most) {
  const rlimit both{most, most + 1};  // beyond the first of seconds the reason shows in the signal
  setrlimit(resource, &both);
}

// An interrupted run finishes its step with every image; the parent's end ends this process, too.
void outlive_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) std::signal(signal, SIG_IGN);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

// Reads as many bytes; the parent's end is this process's.
void read_all(void* bytes, size_t length) {
  for (char* at = static_cast<char*>(bytes); length > 0;) {
    const ssize_t count = read(STDIN_FILENO, at, length);
    if (count == 0 || (count < 0 && errno != EINTR)) std::_Exit(1);
    if (count > 0) at += count, length -= size_t(count);
  }
}

void run(const char* format, const char* library) {
  Output output;
  try {
    pixels::Request request;
    read_all(&request, sizeof request);
    limit(RLIMIT_AS, request.max_memory);
    File file{std::vector<uint8_t>(request.length), int64_t(request.max_pixels)};
    read_all(file.bytes.data(), file.bytes.size());
    (std::strcmp(format, "avif") == 0 ? decode_avif : decode_jpeg2000)(library, file, output);
  } catch (const std::bad_alloc&) {
    output.refuse("it takes too much memory to decode");
  }
}

}  // namespace

}  // namespace deino::decoder

int main(int count, char** arguments) {
  using namespace deino::decoder;
  if (count != 3) return 2;
  outlive_signals();
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, kSeconds);
  unsetenv("OPJ_NUM_THREADS");
  run(arguments[1], arguments[2]);
  return 0;
}
