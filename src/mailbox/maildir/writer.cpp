#include "mailbox/maildir/writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace nixie {
namespace {

constexpr unsigned max_looks = 3;

/// The same at each try; ':' would begin the flags.
std::string name_for(std::string id) {
    std::replace_if(
        id.begin(), id.end(), [](char c) { return c == '/' || c == ':' || c == '\0'; }, '_');
    return id;
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

Result<MaildirWriter::Presence> MaildirWriter::look_up(const std::string& file_name, const MaildirDraft& draft) {
    for (unsigned look = 0; look < max_looks; ++look) {
        const auto found = entries_.find(file_name);
        if (found == entries_.end()) return Presence::absent;
        const int directory = (found->second.subdirectory == Subdirectory::fresh ? folder_.fresh : folder_.cur).get();
        const FileDescriptor file(
            openat(directory, found->second.file_name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
        if (file) {
            const auto same = draft.same_as(file.get());
            if (!same) return same.error();
            return *same ? Presence::same : Presence::different;
        }
        if (errno != ENOENT) return file_error(ErrorCode::output, "read a message", folder_.path, errno);
        if (auto scanned = rescan(); !scanned) return scanned.error(); // a mail client has renamed it
    }
    return Presence::different;
}

Result<MaildirDraft> MaildirWriter::begin(const std::string& name) const {
    return MaildirDraft::begin(folder_.directory.get(), folder_.path, name);
}

Result<std::string> MaildirWriter::store(const std::string& file_name, MaildirDraft draft, Time arrived) {
    for (unsigned number = 0; number < max_renames; ++number) {
        const std::string name = number == 0 ? file_name : renamed(file_name, number);
        const auto present = look_up(name, draft);
        if (!present) return present.error();
        if (*present == Presence::same) return name;
        if (*present == Presence::different) continue;
        const auto move = draft.move_to(folder_.fresh.get(), name, arrived);
        if (!move) return move.error();
        if (*move == Moved::target_exists) continue;
        entries_[name] = MaildirEntry{Subdirectory::fresh, name};
        return name;
    }
    return Error{ErrorCode::output, "too many messages with the same name", folder_.path, {}};
}

Result<void> MaildirWriter::sync() {
    if (fsync(folder_.fresh.get()) != 0) return file_error(ErrorCode::output, "sync the folder", folder_.path, errno);
    return {};
}

Result<void> put_into_tree(const MaildirTree& tree, const FolderPath& folder, const NewMessage& message) {
    auto writer = MaildirWriter::open(tree, folder);
    if (!writer) return writer.error();
    const std::string name = name_for(message.id);
    if (writer->has(name)) return {};
    auto draft = writer->begin(name);
    if (!draft) return draft.error();
    std::string bytes = message.bytes; // on disk lines end with LF
    std::erase(bytes, '\r');
    if (auto written = draft->append(bytes); !written) return written;
    if (auto stored = writer->store(name, std::move(draft).value(), message.arrived); !stored) return stored.error();
    return writer->sync();
}

Result<void> take_from_tree(const MaildirTree& tree, const FolderPath& path, const std::string& id) {
    const auto folder = tree.open_existing(path);
    if (!folder) return folder.error().code == ErrorCode::refused ? Result<void>{} : folder.error();
    const auto entries = scan_maildir(folder->directory.get(), folder->path);
    if (!entries) return entries.error();
    const auto found = entries->find(name_for(id));
    if (found == entries->end()) return {};
    const auto& [subdirectory, file_name] = found->second;
    const int directory = subdirectory == Subdirectory::fresh ? folder->fresh.get() : folder->cur.get();
    if (::unlinkat(directory, file_name.c_str(), 0) != 0 && errno != ENOENT)
        return file_error(ErrorCode::output, "remove a message from", folder->path, errno);
    return {};
}

} // namespace nixie
