#include "notify/command_hook.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fmt/format.h>

extern char** environ;

namespace nixie {
namespace {

using Clock = std::chrono::steady_clock;

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

/// The child leads a process group of its own and has the signal mask of a fresh process.
int spawn_shell(const std::string& command, int input, pid_t& child) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    std::string shell = "/bin/sh", option = "-c", script = command;
    std::array<char*, 4> arguments{shell.data(), option.data(), script.data(), nullptr};
    const int error = ::posix_spawn(&child, shell.c_str(), &actions, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int remaining_ms(Clock::time_point deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    return left > 0 ? static_cast<int>(left) : 0;
}

/// Ends when all is written, the reader is gone, or time is up; the exit status tells the rest.
void write_all(int fd, std::string_view text, Clock::time_point deadline) {
    while (!text.empty()) {
        pollfd poll{fd, POLLOUT, 0};
        if (::poll(&poll, 1, remaining_ms(deadline)) <= 0) return;
        const ssize_t written = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (written < 0 && errno != EAGAIN && errno != EINTR) return;
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
}

} // namespace

Result<void> run_command_hook(const std::string& command, std::string_view json, Duration timeout) {
    const auto deadline = Clock::now() + timeout;
    // A socket and not a pipe: MSG_NOSIGNAL spares the process a SIGPIPE.
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return failure("no socket for the command");
    Descriptor ours(ends[0]), theirs(ends[1]);
    pid_t child = 0;
    if (const int error = spawn_shell(command, theirs.get(), child); error != 0) {
        errno = error;
        return failure("the command cannot be started");
    }
    theirs.close();
    write_all(ours.get(), std::string(json) + "\n", deadline);
    ours.close();

    const Descriptor exit(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    pollfd poll{exit.get(), POLLIN, 0};
    const bool in_time = ::poll(&poll, 1, remaining_ms(deadline)) > 0;
    if (!in_time) ::kill(-child, SIGKILL);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!in_time)
        return Error{
            ErrorCode::unavailable, fmt::format("no end after {}", format_duration(timeout)), "notify command", {}};
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    const std::string how = WIFEXITED(status) ? fmt::format("exit code {}", WEXITSTATUS(status))
                                              : fmt::format("killed by signal {}", WTERMSIG(status));
    return Error{ErrorCode::unavailable, how, "notify command", {}};
}

} // namespace nixie
