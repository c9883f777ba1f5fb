#include "base/shell.hpp"

#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <limits>
#include <utility>

namespace nixie {
namespace {

/// How long it may take to notice that one is to stop.
constexpr int stop_interval_ms = 200;

int spawn_shell(const std::string& command, int input, int output, pid_t& child) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (input >= 0) posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    if (output >= 0) posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
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

} // namespace

int milliseconds_until(std::chrono::steady_clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<int>::max()));
}

Result<ShellCommand> ShellCommand::start(const std::string& command, int input, int output, Duration timeout) {
    pid_t child = -1;
    if (const int error = spawn_shell(command, input, output, child); error != 0)
        return Error{ErrorCode::unavailable,
                     std::string("the command cannot be started (") + std::strerror(error) + ")"};
    return ShellCommand(child, timeout);
}

ShellCommand::ShellCommand(pid_t child, Duration timeout)
    : child_(child), timeout_(timeout), deadline_(std::chrono::steady_clock::now() + timeout) {}

ShellCommand::ShellCommand(ShellCommand&& other) noexcept
    : child_(std::exchange(other.child_, -1)), timeout_(other.timeout_), deadline_(other.deadline_) {}

ShellCommand::~ShellCommand() {
    if (child_ < 0) return;
    ::kill(-child_, SIGKILL);
    reap();
}

int ShellCommand::reap() {
    int status = 0;
    while (::waitpid(child_, &status, 0) < 0 && errno == EINTR) {
    }
    child_ = -1;
    return status;
}

Result<void> ShellCommand::wait(const std::function<bool()>& stop) {
    const int exit = static_cast<int>(::syscall(SYS_pidfd_open, child_, 0));
    pollfd ended{exit, POLLIN, 0};
    int ready = 0;
    bool stopped = false;
    do {
        const int left = milliseconds_until(deadline_);
        ready = ::poll(&ended, 1, stop ? std::min(left, stop_interval_ms) : left);
        stopped = ready == 0 && stop && stop();
        if (ready == 0 && !stopped && milliseconds_until(deadline_) > 0) continue;
        if (ready >= 0 || errno != EINTR) break;
    } while (true);
    if (exit >= 0) ::close(exit);
    if (ready <= 0) ::kill(-child_, SIGKILL);
    const int status = reap();
    const auto failed = [](std::string how) { return Error{ErrorCode::unavailable, std::move(how)}; };
    if (stopped) return Error{ErrorCode::interrupted, "asked to stop"};
    if (ready <= 0) return failed("no end after " + format_duration(timeout_));
    if (WIFSIGNALED(status)) return failed("killed by signal " + std::to_string(WTERMSIG(status)));
    if (WEXITSTATUS(status) != 0) return failed("exit code " + std::to_string(WEXITSTATUS(status)));
    return {};
}

} // namespace nixie
