#include "notify/command_hook.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/shell.hpp"

namespace nixie {
namespace {

class Descriptor {
  public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return fd_; }
    void close() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

  private:
    int fd_;
};

Error failure(const char* what) {
    return {ErrorCode::unavailable, fmt::format("{} ({})", what, std::strerror(errno)), "notify command", {}};
}

/// Ends when all is written, the reader is gone, or time is up; the exit status tells the rest.
void write_all(int fd, std::string_view text, ShellCommand::TimePoint deadline) {
    while (!text.empty()) {
        pollfd poll{fd, POLLOUT, 0};
        if (::poll(&poll, 1, milliseconds_until(deadline)) <= 0) return;
        const ssize_t written = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (written < 0 && errno != EAGAIN && errno != EINTR) return;
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
}

} // namespace

Result<void> run_command_hook(const std::string& command, std::string_view json, Duration timeout) {
    // A socket and not a pipe: MSG_NOSIGNAL spares the process a SIGPIPE.
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return failure("no socket for the command");
    Descriptor ours(ends[0]), theirs(ends[1]);
    auto shell = ShellCommand::start(command, theirs.get(), -1, timeout);
    theirs.close();
    if (shell) write_all(ours.get(), std::string(json) + "\n", shell->deadline());
    ours.close();
    const auto ended = shell ? shell->wait() : Result<void>(shell.error());
    if (ended) return {};
    Error error = ended.error();
    error.where = "notify command";
    return error;
}

} // namespace nixie
