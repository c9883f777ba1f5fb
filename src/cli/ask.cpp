#include "cli/ask.hpp"

#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>

#include <fmt/format.h>

#include "base/text.hpp"

namespace nixie {
namespace {

constexpr std::size_t longest_answer_line = 4096;

/// So that Ctrl-C ends the wait and not the program, which would leave a terminal without echo.
class Interruptible {
  public:
    Interruptible() {
        struct sigaction wanted {};
        wanted.sa_handler = [](int) {};
        ::sigaction(SIGINT, &wanted, &before_);
    }
    ~Interruptible() { ::sigaction(SIGINT, &before_, nullptr); }
    Interruptible(const Interruptible&) = delete;
    Interruptible& operator=(const Interruptible&) = delete;

  private:
    struct sigaction before_ {};
};

class NoEcho {
  public:
    NoEcho() {
        known_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        if (known_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &silent); // what was typed ahead counts
    }
    ~NoEcho() {
        if (known_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
        fmt::print(stderr, "\n");
    }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;

  private:
    termios before_{};
    bool known_ = false;
};

Error nobody_to_ask(const std::string& question, const std::string& option) {
    return {ErrorCode::usage,
            fmt::format("{} is not given, and there is no terminal to ask at", question),
            {},
            "give " + option};
}

Result<std::string> answer_line() {
    std::string out;
    for (char c = 0; out.size() < longest_answer_line;) {
        const ssize_t got = ::read(STDIN_FILENO, &c, 1);
        if (got < 0 && errno == EINTR) return Error{ErrorCode::interrupted, "asked to stop"};
        if (got <= 0 && out.empty()) return Error{ErrorCode::interrupted, "no more answers"};
        if (got <= 0 || c == '\n') break;
        out += c;
    }
    return out;
}

} // namespace

bool can_ask() { return ::isatty(STDIN_FILENO) != 0; }

Result<std::string> ask(const std::string& question, const std::string& usual, const std::string& option) {
    if (!can_ask()) return nobody_to_ask(question, option);
    const Interruptible interruptible;
    fmt::print(stderr, "{}{}: ", question, usual.empty() ? "" : fmt::format(" [{}]", printable(usual)));
    auto line = answer_line();
    if (!line) return line;
    const std::string answer(trim(*line));
    return answer.empty() ? usual : answer;
}

Result<std::string> ask_secret(const std::string& question, const std::string& option) {
    if (!can_ask()) return nobody_to_ask(question, option);
    const Interruptible interruptible;
    fmt::print(stderr, "{} (not shown): ", question);
    const NoEcho no_echo;
    return answer_line();
}

} // namespace nixie
