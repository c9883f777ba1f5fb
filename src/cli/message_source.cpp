#include "cli/message_source.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace nixie {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t read_bytes = 64 * 1024;

struct CloseFile {
    void operator()(std::FILE* file) const {
        if (file != stdin) std::fclose(file);
    }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

Error unreadable(const std::string& path, const std::string& why) {
    return {ErrorCode::input, "cannot read it (" + why + ")", path,
            "name a message, a folder, a Maildir, an mbox file or -"};
}

/// Lines with their ends; one longer than read_bytes comes in several pieces.
class Lines {
  public:
    explicit Lines(std::FILE* file) : file_(file) {}

    /// False at the end of the file. `begins_line`: this piece is the first of its line.
    bool next(std::string& piece, bool& begins_line) {
        auto end = buffer_.find('\n', at_);
        if (end == std::string::npos && buffer_.size() - at_ < read_bytes) {
            buffer_.erase(0, at_);
            at_ = 0;
            const std::size_t old = buffer_.size();
            buffer_.resize(old + read_bytes);
            buffer_.resize(old + std::fread(buffer_.data() + old, 1, read_bytes, file_));
            end = buffer_.find('\n', old);
        }
        if (at_ == buffer_.size()) return false;
        piece.assign(buffer_, at_, end == std::string::npos ? end : end + 1 - at_);
        at_ += piece.size();
        begins_line = at_line_start_;
        at_line_start_ = piece.back() == '\n';
        return true;
    }

  private:
    std::FILE* file_;
    std::string buffer_;
    std::size_t at_ = 0; ///< what is before it has been given out
    bool at_line_start_ = true;
};

/// "From " and a time of day somewhere behind it: prose that begins with the word has none, or next to never.
bool is_separator(std::string_view line) {
    if (!line.starts_with("From ")) return false;
    for (auto at = line.find(':'); at != std::string_view::npos; at = line.find(':', at + 1))
        if (is_digit(line[at - 1]) && at + 1 < line.size() && is_digit(line[at + 1])) return true;
    return false;
}

/// RFC 4155: a file that begins with a line "From …" is an mbox, and every such line after an empty one begins a message.
/// Without a second one the file is one message, and that has no number.
void split_mbox(std::FILE* file, const std::string& path, std::size_t limit, const MessageSink& sink) {
    Lines lines(file);
    std::string piece, message;
    std::size_t count = 0;
    bool begins_line = false, after_empty = false, is_mbox = false;
    while (lines.next(piece, begins_line)) {
        if (message.empty()) is_mbox = is_separator(piece);
        if (is_mbox && begins_line && after_empty && is_separator(piece)) {
            sink(path, ++count, message);
            message.clear();
        }
        if (begins_line) after_empty = piece == "\n" || piece == "\r\n";
        if (message.size() < limit) message.append(piece, 0, limit - message.size());
    }
    sink(path, count == 0 ? 0 : count + 1, message);
}

Result<void> read_file(const std::string& path, std::size_t max_bytes, const MessageSink& sink) {
    const File file(path == "-" ? stdin : std::fopen(path.c_str(), "rbe"));
    if (!file) return unreadable(path, std::strerror(errno));
    split_mbox(file.get(), path, max_bytes + 1, sink);
    if (std::ferror(file.get())) return unreadable(path, std::strerror(errno));
    return {};
}

bool is_maildir(const fs::path& path) {
    std::error_code ignored;
    return fs::is_directory(path / "cur", ignored) && fs::is_directory(path / "new", ignored);
}

Result<void> files_below(const fs::path& folder, std::vector<std::string>& files) {
    std::error_code failure;
    for (fs::recursive_directory_iterator it(folder, failure), end; !failure && it != end; it.increment(failure))
        if (it->is_regular_file(failure)) files.push_back(it->path().string());
    if (failure) return unreadable(folder.string(), failure.message());
    return {};
}

/// Where some files are named *.eml, the others beside them are something else.
void keep_messages_only(std::vector<std::string>& files) {
    const auto named_message = [](const std::string& file) { return file.ends_with(".eml"); };
    if (std::any_of(files.begin(), files.end(), named_message))
        files.erase(std::remove_if(files.begin(), files.end(), std::not_fn(named_message)), files.end());
}

} // namespace

Result<void> read_messages(const std::string& path, std::size_t max_bytes, const MessageSink& sink) {
    std::error_code ignored;
    if (path == "-" || !fs::is_directory(path, ignored)) return read_file(path, max_bytes, sink);
    std::vector<std::string> files;
    std::vector<fs::path> folders{path};
    if (is_maildir(path)) folders = {fs::path(path) / "cur", fs::path(path) / "new"};
    for (const auto& folder : folders)
        if (auto listed = files_below(folder, files); !listed) return listed;
    keep_messages_only(files);
    std::sort(files.begin(), files.end());
    for (const auto& file : files)
        if (auto read = read_file(file, max_bytes, sink); !read) return read;
    return {};
}

} // namespace nixie
