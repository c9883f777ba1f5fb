#include "mailbox/pop3/kept.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>

#include "base/text.hpp"
#include "mailbox/files.hpp"
#include "mailbox/maildir/tree.hpp"

namespace nixie {
namespace {

constexpr std::size_t max_kept_file = std::size_t{256} << 20;
constexpr mode_t kept_mode = 0600;

std::string kept_lines(std::span<const Pop3Kept::Message> messages) {
    std::string out;
    for (const auto& [uid, size] : messages) out += std::to_string(size) + " " + uid + "\n";
    return out;
}

/// False leaves the cause in errno.
bool write_kept_file(const std::string& path, int flags, const std::string& text) {
    const std::string folder = std::filesystem::path(path).parent_path().string();
    const FileDescriptor parent = open_directory(AT_FDCWD, folder.c_str());
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, kept_mode));
    return parent && file && give_to_owner_of(parent.get(), file.get()) && write_all(file.get(), text) &&
           fsync(file.get()) == 0 && fsync(parent.get()) == 0;
}

} // namespace

Result<Pop3Kept> Pop3Kept::open(std::string path) {
    Pop3Kept kept(std::move(path));
    const FileDescriptor file(::open(kept.path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file && errno == ENOENT) return kept;
    std::string text;
    if (!file || !read_up_to(file.get(), max_kept_file, text))
        return file_error(ErrorCode::input, "read what was kept", kept.path_, errno);
    text.resize(text.rfind('\n') + 1); // a crash may have left half a line
    std::string_view rest = text, line;
    while (next_line(rest, line)) {
        const auto space = line.find(' ');
        std::size_t size = 0;
        if (space == std::string_view::npos) continue;
        std::from_chars(line.data(), line.data() + space, size);
        kept.sizes_[std::string(line.substr(space + 1))] = size;
    }
    return kept;
}

bool Pop3Kept::has(const std::string& uid, std::size_t size) const {
    const auto found = sizes_.find(uid);
    return found != sizes_.end() && found->second == size;
}

Result<void> Pop3Kept::add(std::span<const Message> messages) {
    if (messages.empty()) return {};
    if (!write_kept_file(path_, O_APPEND, kept_lines(messages)))
        return file_error(ErrorCode::output, "note what is kept", path_, errno);
    for (const auto& [uid, size] : messages) sizes_[uid] = size;
    return {};
}

Result<void> Pop3Kept::forget_others(std::span<const Message> listed) {
    std::vector<Message> still;
    for (const auto& message : listed)
        if (has(message.first, message.second)) still.push_back(message);
    if (still.size() * 2 >= sizes_.size()) return {};
    const std::string temporary = path_ + ".new";
    if (!write_kept_file(temporary, O_TRUNC, kept_lines(still)) || std::rename(temporary.c_str(), path_.c_str()) != 0)
        return file_error(ErrorCode::output, "note what is kept", path_, errno);
    sizes_.clear();
    for (auto& [uid, size] : still) sizes_[uid] = size;
    return {};
}

} // namespace nixie
