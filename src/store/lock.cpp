#include "store/lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/text.hpp"

namespace nixie {
namespace {

/// The process id in the lock file; empty if its holder has not written it yet.
std::string process_in(int file) {
    std::array<char, 32> bytes{};
    const auto length = ::pread(file, bytes.data(), bytes.size(), 0);
    if (length <= 0) return {};
    return std::string(trim({bytes.data(), static_cast<std::size_t>(length)}));
}

} // namespace

Result<InstanceLock> InstanceLock::take(const std::string& state_path) {
    const std::string path = state_path + ".lock";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0)
        return Error{ErrorCode::output, fmt::format("the lock file cannot be opened: {}", std::strerror(errno)), path,
                     "check that the folder exists and may be written to"};
    InstanceLock lock(file);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return Error{ErrorCode::output, fmt::format("the file cannot be locked: {}", std::strerror(errno)), path,
                         "keep the journal on a local disk"};
        const auto pid = process_in(file);
        return Error{ErrorCode::busy,
                     fmt::format("another nixie is working on this journal (pid {})", pid.empty() ? "unknown" : pid),
                     state_path, "wait for it to end, or give this one its own `state`"};
    }
    // The file stays behind: to unlink it would let a third process lock a new one beside the second's.
    const std::string pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(file, 0) != 0 || ::pwrite(file, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
        return Error{ErrorCode::output, fmt::format("the lock file cannot be written: {}", std::strerror(errno)), path,
                     "free disk space"};
    return lock;
}

/// A shared lock is had where nobody has the other, and hinders one that begins for a moment only.
std::optional<std::string> InstanceLock::holder(const std::string& state_path) {
    const int file = ::open((state_path + ".lock").c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return std::nullopt;
    std::optional<std::string> out;
    if (::flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) out = process_in(file);
    ::close(file);
    return out;
}

InstanceLock::InstanceLock(InstanceLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

InstanceLock& InstanceLock::operator=(InstanceLock&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
}

InstanceLock::~InstanceLock() {
    if (file_ >= 0) ::close(file_);
}

} // namespace nixie
