#include "auth/cache.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

namespace nixie {
namespace {

constexpr Duration longest_margin = std::chrono::minutes(5);
constexpr mode_t owner_only = S_IRUSR | S_IWUSR;

/// Root makes nothing here that the service's user could not read.
bool give_to_owner_above(int fd, const std::string& above) {
    if (::geteuid() != 0) return true;
    struct stat status {};
    return ::stat(above.c_str(), &status) == 0 && ::fchown(fd, status.st_uid, status.st_gid) == 0;
}

bool write_whole(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(fd) == 0;
}

void sync_folder(const std::string& folder) {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    ::fsync(fd); // only the newest token is at stake, and it can be had again
    ::close(fd);
}

Time time_in(const nlohmann::json& json, const char* key) {
    const auto found = json.find(key);
    const bool number = found != json.end() && found->is_number_integer();
    return Time{std::chrono::seconds{number ? found->get<std::int64_t>() : 0}};
}

std::string text_in(const nlohmann::json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

} // namespace

bool is_fresh(const Token& token, Time now) {
    const Duration life = token.expires - token.obtained;
    return !token.access.empty() && now < token.expires - std::min(longest_margin, life / 10);
}

TokenCache::TokenCache(std::string file, std::string identity)
    : file_(std::move(file)),
      folder_(std::filesystem::path(file_).parent_path().string()),
      identity_(std::move(identity)) {}

Error TokenCache::failed(ErrorCode code, const char* action) const {
    return {code, std::string("cannot ") + action + ": " + std::generic_category().message(errno), file_,
            "let the user that runs nixie read and write there"};
}

Result<void> TokenCache::make_folder() const {
    if (::mkdir(folder_.c_str(), S_IRWXU) != 0) {
        if (errno == EEXIST) return {};
        return failed(ErrorCode::output, "make the folder for tokens");
    }
    const int fd = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    const bool given = fd >= 0 && give_to_owner_above(fd, std::filesystem::path(folder_).parent_path().string());
    if (fd >= 0) ::close(fd);
    if (!given) return failed(ErrorCode::output, "make the folder for tokens");
    return {};
}

Result<TokenCache::Lock> TokenCache::lock() const {
    if (auto made = make_folder(); !made) return made.error();
    const std::string name = file_ + ".lock";
    Lock lock(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, owner_only));
    if (lock.fd_ < 0 || !give_to_owner_above(lock.fd_, folder_)) return failed(ErrorCode::output, "lock the token");
    int locked = 0;
    do locked = ::flock(lock.fd_, LOCK_EX);
    while (locked != 0 && errno == EINTR);
    if (locked != 0) return failed(ErrorCode::output, "lock the token");
    return lock;
}

TokenCache::Lock::Lock(Lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
TokenCache::Lock::~Lock() {
    if (fd_ >= 0) ::close(fd_);
}

Result<std::optional<Token>> TokenCache::load() const {
    struct stat status {};
    if (::lstat(file_.c_str(), &status) != 0) {
        if (errno == ENOENT) return std::optional<Token>{};
        return failed(ErrorCode::input, "read the token");
    }
    if (!S_ISREG(status.st_mode) || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return Error{ErrorCode::config, "others may read the token", file_, "chmod 600 " + file_};
    std::stringstream text;
    std::ifstream in(file_, std::ios::binary);
    if (!(text << in.rdbuf())) return failed(ErrorCode::input, "read the token");
    const auto json = nlohmann::json::parse(text.str(), nullptr, false);
    if (!json.is_object())
        return Error{ErrorCode::config, "the token's file cannot be understood", file_, "remove it and log in again"};
    if (text_in(json, "identity") != identity_) return std::optional<Token>{};
    return std::optional<Token>(Token{text_in(json, "access_token"), text_in(json, "refresh_token"),
                                      time_in(json, "obtained"), time_in(json, "expires")});
}

Result<void> TokenCache::save(const Token& token) const {
    if (auto made = make_folder(); !made) return made;
    const nlohmann::json json{{"identity", identity_},
                              {"access_token", token.access},
                              {"refresh_token", token.refresh},
                              {"obtained", token.obtained.time_since_epoch().count()},
                              {"expires", token.expires.time_since_epoch().count()}};
    const std::string temporary = file_ + ".new";
    ::unlink(temporary.c_str()); // left by a crash; the lock keeps others away
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, owner_only);
    const auto text = json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    const bool written = fd >= 0 && give_to_owner_above(fd, folder_) && write_whole(fd, text);
    if (fd >= 0) ::close(fd);
    if (!written || ::rename(temporary.c_str(), file_.c_str()) != 0) return failed(ErrorCode::output, "keep the token");
    sync_folder(folder_);
    return {};
}

Result<bool> TokenCache::forget() const {
    if (::unlink(file_.c_str()) == 0) {
        sync_folder(folder_);
        return true;
    }
    if (errno == ENOENT) return false;
    return failed(ErrorCode::output, "remove the token");
}

} // namespace nixie
