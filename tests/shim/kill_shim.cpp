// Preloaded into nixie: counts the system calls by which it changes the world, and kills the process with SIGKILL at one.
//   NIXIE_FAULT_LOG    a file that gets a line for each step, "number name", before the step is done
//   NIXIE_FAULT_STEP   the step to die at, from 1; unset: none
//   NIXIE_FAULT_WHEN   "before" or "after" that step
// Steps: a commit of the journal or of a file (fsync, fdatasync), a command to the server (send), a change to a folder
// (renameat, renameat2, linkat, unlinkat, mkdirat).
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

std::atomic<int> steps{0};

int fatal_step() {
    const char* text = std::getenv("NIXIE_FAULT_STEP");
    return text ? std::atoi(text) : 0;
}

bool dies_before() {
    const char* text = std::getenv("NIXIE_FAULT_WHEN");
    return text && std::strcmp(text, "before") == 0;
}

void log_step(int step, const char* name) {
    const char* path = std::getenv("NIXIE_FAULT_LOG");
    if (!path) return;
    const int fd = ::open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    char line[64];
    const int length = std::snprintf(line, sizeof line, "%d %s\n", step, name);
    if (fd < 0 || ::write(fd, line, static_cast<size_t>(length)) != length) std::abort();
    ::close(fd);
}

/// Around one step: the constructor stands before it, the destructor after.
class Step {
  public:
    explicit Step(const char* name) : fatal_(++steps == fatal_step()) {
        log_step(steps, name);
        if (fatal_ && dies_before()) ::raise(SIGKILL);
    }
    ~Step() {
        if (fatal_) ::raise(SIGKILL);
    }

  private:
    bool fatal_;
};

template <class Function>
Function real(const char* name) {
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

} // namespace

#define NIXIE_STEP(name, result, parameters, arguments)                 \
    extern "C" result name parameters {                                 \
        static const auto function = real<result(*) parameters>(#name); \
        const Step step(#name);                                         \
        return function arguments;                                      \
    }

NIXIE_STEP(fsync, int, (int fd), (fd))
NIXIE_STEP(fdatasync, int, (int fd), (fd))
NIXIE_STEP(send, ssize_t, (int fd, const void* data, size_t size, int flags), (fd, data, size, flags))
NIXIE_STEP(renameat, int, (int from_dir, const char* from, int to_dir, const char* to), (from_dir, from, to_dir, to))
NIXIE_STEP(renameat2, int, (int from_dir, const char* from, int to_dir, const char* to, unsigned int flags),
           (from_dir, from, to_dir, to, flags))
NIXIE_STEP(linkat, int, (int from_dir, const char* from, int to_dir, const char* to, int flags),
           (from_dir, from, to_dir, to, flags))
NIXIE_STEP(unlinkat, int, (int dir, const char* path, int flags), (dir, path, flags))
NIXIE_STEP(mkdirat, int, (int dir, const char* path, mode_t mode), (dir, path, mode))
