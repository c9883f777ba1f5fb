#include "notify/command_hook.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/shell.hpp"
#include "notify/descriptor.hpp"

namespace nixie {
namespace {

/// How long it may take to notice that one is to stop.
constexpr int stop_interval_ms = 200;

Error failure(const char* what) {
    return {ErrorCode::unavailable, fmt::format("{} ({})", what, std::strerror(errno)), "notify command", {}};
}

/// Ends when all is written, the reader is gone, or time is up; the exit status tells the rest.
void write_all(int fd, std::string_view text, ShellCommand::TimePoint deadline, const StopAsked& stop) {
    while (!text.empty()) {
        pollfd poll{fd, POLLOUT, 0};
        if (stop && stop()) return;
        const int ready = ::poll(&poll, 1, std::min(milliseconds_until(deadline), stop_interval_ms));
        if (ready < 0 || (ready == 0 && milliseconds_until(deadline) == 0)) return;
        if (ready == 0) continue;
        const ssize_t written = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (written < 0 && errno != EAGAIN && errno != EINTR) return;
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
}

} // namespace

Result<void> run_command_hook(const std::string& command, std::string_view json, Duration timeout,
                              const StopAsked& stop) {
    // A socket and not a pipe: MSG_NOSIGNAL spares the process a SIGPIPE.
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return failure("no socket for the command");
    Descriptor ours(ends[0]), theirs(ends[1]);
    auto shell = ShellCommand::start(command, theirs.get(), -1, timeout);
    theirs.close();
    if (shell) write_all(ours.get(), std::string(json) + "\n", shell->deadline(), stop);
    ours.close();
    const auto ended = shell ? shell->wait(stop) : Result<void>(shell.error());
    if (ended) return {};
    Error error = ended.error();
    error.where = "notify command";
    return error;
}

} // namespace nixie
