#include "support/process.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace nixie {
namespace {

constexpr auto patience = std::chrono::minutes(1);

struct Pipe {
    std::array<int, 2> ends{-1, -1};
    Pipe() {
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
    }
    ~Pipe() {
        close_end(0);
        close_end(1);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    void close_end(std::size_t end) {
        if (ends[end] >= 0) ::close(ends[end]);
        ends[end] = -1;
    }
};

[[noreturn]] void become(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment,
                         const Pipe& out, const Pipe& err) {
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(out.ends[1], STDOUT_FILENO);
    ::dup2(err.ends[1], STDERR_FILENO);
    for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
    std::vector<char*> arguments;
    for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
}

/// Reads both until they are closed; false when patience ends.
bool drain(Pipe& out, Pipe& err, Finished& finished) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    std::array<pollfd, 2> polls{{{out.ends[0], POLLIN, 0}, {err.ends[0], POLLIN, 0}}};
    std::array<std::string*, 2> texts{&finished.out, &finished.err};
    std::array<char, 65536> buffer{};
    while (polls[0].fd >= 0 || polls[1].fd >= 0) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        ::poll(polls.data(), polls.size(), 1000);
        for (std::size_t i = 0; i < polls.size(); ++i) {
            if (polls[i].fd < 0 || polls[i].revents == 0) continue;
            const ssize_t size = ::read(polls[i].fd, buffer.data(), buffer.size());
            if (size > 0)
                texts[i]->append(buffer.data(), static_cast<std::size_t>(size));
            else
                polls[i].fd = -1;
        }
    }
    return true;
}

} // namespace

struct Running::Impl {
    std::string name;
    Pipe out, err;
    pid_t child = -1; ///< -1 when it has been waited for
};

Running::Running(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment)
    : impl_(std::make_unique<Impl>()) {
    impl_->name = command.at(0);
    ::malloc_trim(0); // what the test has freed would count as the program's
    impl_->child = ::fork();
    if (impl_->child < 0) throw std::runtime_error("fork");
    if (impl_->child == 0) become(command, environment, impl_->out, impl_->err);
    impl_->out.close_end(1);
    impl_->err.close_end(1);
}

Running::~Running() {
    if (impl_->child < 0) return;
    ::kill(impl_->child, SIGKILL);
    ::waitpid(impl_->child, nullptr, 0);
}

pid_t Running::pid() const { return impl_->child; }

void Running::terminate() const { ::kill(impl_->child, SIGTERM); }

Finished Running::wait() {
    Finished finished;
    const bool in_time = drain(impl_->out, impl_->err, finished);
    if (!in_time) ::kill(impl_->child, SIGKILL);
    int status = 0;
    rusage usage{};
    ::wait4(std::exchange(impl_->child, -1), &status, 0, &usage);
    if (!in_time) throw std::runtime_error(impl_->name + " did not end; it said: " + finished.out + finished.err);
    if (WIFEXITED(status)) finished.exit_code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) finished.signal = WTERMSIG(status);
    finished.max_rss_kib = usage.ru_maxrss;
    return finished;
}

Finished run_process(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment) {
    return Running(command, environment).wait();
}

} // namespace nixie
