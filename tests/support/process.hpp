// Runs a program and keeps what it said.
#pragma once

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace nixie {

/// Whether the program, built like the test, needs the memory it needs in use: a sanitizer takes many times that.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool memory_is_ordinary = false;
#else
inline constexpr bool memory_is_ordinary = true;
#endif

struct Finished {
    int exit_code = -1; ///< -1 if a signal ended it
    int signal = 0;
    long max_rss_kib = 0; ///< the most memory it had; at least what the test itself has, for fork() counts too
    std::string out;
    std::string err;
};

/// A program that runs while the test goes on; killed with the object. It gets nothing on its standard input.
class Running {
  public:
    /// `environment` is added to the test's own.
    explicit Running(const std::vector<std::string>& command,
                     const std::map<std::string, std::string>& environment = {});
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    [[nodiscard]] pid_t pid() const;
    /// Asks it to end (SIGTERM).
    void terminate() const;
    /// Waits for its end, once. A test that waits longer than a minute fails by an exception.
    Finished wait();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Starts it and waits for its end.
Finished run_process(const std::vector<std::string>& command,
                     const std::map<std::string, std::string>& environment = {});

} // namespace nixie
