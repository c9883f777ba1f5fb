#include "mailbox/maildir/writer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace nixie {
namespace {

constexpr unsigned max_looks = 3;

FileDescriptor create_anew(int directory, const char* name, mode_t mode) {
    unlinkat(directory, name, 0); // left by a crash: only this program makes such names
    return FileDescriptor(openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
}

bool set_mtime(int fd, Time time) {
    timespec stamp{};
    stamp.tv_sec = time.time_since_epoch().count();
    const std::array<timespec, 2> times{stamp, stamp};
    return futimens(fd, times.data()) == 0;
}

} // namespace

MaildirWriter::MaildirWriter(MaildirFolder folder, MaildirEntries entries)
    : folder_(std::move(folder)), entries_(std::move(entries)) {}

Result<MaildirWriter> MaildirWriter::open(const MaildirTree& tree, std::span<const std::string> levels) {
    auto folder = tree.open_folder(levels);
    if (!folder) return folder.error();
    auto entries = scan_maildir(folder->directory.get(), folder->path);
    if (!entries) return entries.error();
    return MaildirWriter(std::move(folder).value(), std::move(entries).value());
}

Result<void> MaildirWriter::rescan() {
    auto entries = scan_maildir(folder_.directory.get(), folder_.path);
    if (!entries) return entries.error();
    entries_ = std::move(entries).value();
    return {};
}

Result<MaildirWriter::Presence> MaildirWriter::look_up(const std::string& file_name, std::string_view bytes) {
    for (unsigned look = 0; look < max_looks; ++look) {
        const auto found = entries_.find(file_name);
        if (found == entries_.end()) return Presence::absent;
        const int directory = (found->second.subdirectory == Subdirectory::fresh ? folder_.fresh : folder_.cur).get();
        const FileDescriptor file(
            openat(directory, found->second.file_name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
        std::string present;
        if (file && read_up_to(file.get(), bytes.size() + 1, present))
            return present == bytes ? Presence::same : Presence::different;
        if (file || errno != ENOENT) return file_error(ErrorCode::output, "read a message", folder_.path, errno);
        if (auto scanned = rescan(); !scanned) return scanned.error(); // a mail client has renamed it
    }
    return Presence::different;
}

Result<Move> MaildirWriter::write(const std::string& file_name, std::string_view bytes, Time arrived) {
    const int directory = folder_.directory.get();
    const std::string temporary = "tmp/" + file_name;
    const FileDescriptor file = create_anew(directory, temporary.c_str(), file_mode_in(directory));
    const bool written = file && give_to_owner_of(directory, file.get()) && write_all(file.get(), bytes) &&
                         set_mtime(file.get(), arrived) && fsync(file.get()) == 0;
    const Move move = written
                          ? move_without_replacing(directory, temporary.c_str(), folder_.fresh.get(), file_name.c_str())
                          : Move::failed;
    if (move == Move::done) return move;
    Error error = file_error(ErrorCode::output, "store a message", folder_.path, errno);
    unlinkat(directory, temporary.c_str(), 0);
    if (move == Move::target_exists) return move;
    return error;
}

Result<std::string> MaildirWriter::store(const std::string& file_name, std::string_view bytes, Time arrived) {
    for (unsigned number = 0; number < max_renames; ++number) {
        const std::string name = number == 0 ? file_name : renamed(file_name, number);
        const auto present = look_up(name, bytes);
        if (!present) return present.error();
        if (*present == Presence::same) return name;
        if (*present == Presence::different) continue;
        const auto move = write(name, bytes, arrived);
        if (!move) return move.error();
        if (*move == Move::target_exists) continue;
        entries_[name] = MaildirEntry{Subdirectory::fresh, name};
        return name;
    }
    return Error{ErrorCode::output, "too many messages with the same name", folder_.path, {}};
}

Result<void> MaildirWriter::sync() {
    if (fsync(folder_.fresh.get()) != 0) return file_error(ErrorCode::output, "sync the folder", folder_.path, errno);
    return {};
}

} // namespace nixie
