#include "process.h"

#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

extern char** environ;

namespace deino::pixels {

namespace {

// Between trials to start a program, in microseconds: a machine that is full for a moment must not cost a file.
constexpr useconds_t kLongestPause = 1000000;

}  // namespace

Process::~Process() {
  if (socket_ >= 0) close(socket_);
  if (id_ < 0) return;
  kill(id_, SIGKILL);
  wait();
}

bool Process::refuse(const char* reason) {
  std::snprintf(reason_, sizeof reason_, "%s", reason);
  return false;
}

bool Process::start(const Program& program) {
  int sockets[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) return refuse(std::strerror(errno));
  socket_ = sockets[0];
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, sockets[1], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, sockets[1], STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  sigaddset(&signals, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const char* arguments[] = {program.path, program.format, program.library, nullptr};
  int error = 0;
  for (useconds_t pause = 5000; pause < kLongestPause; pause *= 2) {
    error = posix_spawn(&id_, program.path, &files, &attributes, const_cast<char* const*>(arguments), environ);
    if (error != EAGAIN && error != ENOMEM) break;
    usleep(pause);
  }
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  close(sockets[1]);
  if (error == 0) return true;
  id_ = -1;
  std::snprintf(reason_, sizeof reason_, "%s does not start: %s", program.path, std::strerror(error));
  return false;
}

bool Process::send(const void* bytes, size_t length) {
  for (const char* at = static_cast<const char*>(bytes); length > 0;) {
    const ssize_t sent = ::send(socket_, at, length, MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR) return false;
    if (sent > 0) at += sent, length -= size_t(sent);
  }
  return true;
}

bool Process::receive(void* bytes, size_t length) {
  for (char* at = static_cast<char*>(bytes); length > 0;) {
    const ssize_t received = recv(socket_, at, length, 0);
    if (received == 0 || (received < 0 && errno != EINTR)) return ended();
    if (received > 0) at += received, length -= size_t(received);
  }
  return true;
}

bool Process::receive_part(PartHead& head) {
  if (!receive(&head, sizeof head)) return false;
  if (head.part == Part::kImage || head.part == Part::kRows) return true;
  const size_t length = std::min<size_t>(head.length, sizeof reason_ - 1);
  if (receive(reason_, length)) reason_[length] = 0;
  return false;
}

int Process::wait() {
  int status = 0;
  while (waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
  id_ = -1;
  return status;
}

bool Process::ended() {
  const int status = wait();
  if (!WIFSIGNALED(status)) return refuse("its decoder ended early");
  if (WTERMSIG(status) == SIGXCPU) return refuse("it takes too long to decode");
  std::snprintf(reason_, sizeof reason_, "its decoder was ended by signal %d", WTERMSIG(status));
  return false;
}

bool Process::begin(const Program& program, const uint8_t* file, const Request& request, Image& image) {
  if (!start(program)) return false;
  // A program that ends before it has read all has said why.
  if (send(&request, sizeof request)) send(file, request.length);
  PartHead head;
  if (!receive_part(head)) return false;
  if (head.part != Part::kImage || head.length != sizeof image) return refuse("its decoder is of another version");
  return receive(&image, sizeof image);
}

bool Process::read_samples(uint8_t* samples, size_t length) {
  while (length > 0) {
    PartHead head;
    if (!receive_part(head)) return false;
    if (head.part != Part::kRows || head.length > length) return refuse("its decoder gives more than it states");
    if (!receive(samples, head.length)) return false;
    samples += head.length, length -= head.length;
  }
  wait();
  return true;
}

}  // namespace deino::pixels
