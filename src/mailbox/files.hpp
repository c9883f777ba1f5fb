// System calls on files and directories, with owners for their descriptors and errors that name the path.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "nixie/result.hpp"

namespace nixie {

/// Owns a file descriptor, or nothing (-1).
class FileDescriptor {
  public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) : fd_(fd) {}
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~FileDescriptor();

    [[nodiscard]] int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

  private:
    int fd_ = -1;
};

/// "cannot <action>: <what errno says>" about `path`. Errors of reading have code input, others code output.
Error file_error(ErrorCode code, std::string_view action, const std::string& path, int error_number);

/// Opens a directory below `parent`, which may be AT_FDCWD; nothing on failure (errno says why).
FileDescriptor open_directory(int parent, const char* name);

enum class Moved { done, source_is_gone, target_exists, failed };

/// Renames within one file system and never replaces what is there; `failed` leaves the cause in errno.
Moved move_without_replacing(int from_directory, const char* from, int to_directory, const char* to);

/// Writes all of `bytes`; false leaves the cause in errno.
bool write_all(int fd, std::string_view bytes);
/// Reads to the end of the file, but at most `max_bytes`; false leaves the cause in errno.
bool read_up_to(int fd, std::size_t max_bytes, std::string& out);

} // namespace nixie
