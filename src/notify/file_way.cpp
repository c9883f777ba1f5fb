#include "notify/file_way.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "notify/descriptor.hpp"

namespace nixie {
namespace {

bool append_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// A new file is there for good only when its folder is on disk too.
bool sync_folder_of(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path().string();
    const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return fd.get() >= 0 && ::fsync(fd.get()) == 0;
}

} // namespace

Result<void> FileWay::tell(const Telling& event, Time /*now*/, const StopAsked& /*stop*/) {
    const auto failed = [&](const char* what) {
        const int cause = errno;
        return Error{cause == ENOSPC || cause == EDQUOT ? ErrorCode::no_room : ErrorCode::output,
                     std::string(what) + " (" + std::strerror(cause) + ")", path_, "check the file and its folder"};
    };
    // Without O_NONBLOCK a pipe that nobody reads would hold us up.
    const Descriptor file(
        ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, S_IRUSR | S_IWUSR));
    struct stat before {};
    if (file.get() < 0 || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0 || ::fstat(file.get(), &before) != 0)
        return failed("the file of events cannot be opened");
    if (!append_all(file.get(), event.body + "\n")) {
        const Error error = failed("the file of events cannot be written");
        if (S_ISREG(before.st_mode) && ::ftruncate(file.get(), before.st_size) != 0) return error;
        return error;
    }
    if (!S_ISREG(before.st_mode)) return {};
    if (::fsync(file.get()) != 0 || (before.st_size == 0 && !sync_folder_of(path_)))
        return failed("the file of events cannot be synced to disk");
    return {};
}

} // namespace nixie
