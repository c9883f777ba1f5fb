#include "support/dovecot.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>

#include "support/process.hpp"

namespace nixie {
namespace {

namespace fs = std::filesystem;

/// What the tests make belongs to the user the server runs as.
void give_away(const fs::path& path, const fs::path& like) {
    struct stat status {};
    if (::stat(like.c_str(), &status) != 0 || ::lchown(path.c_str(), status.st_uid, status.st_gid) != 0)
        throw std::runtime_error("cannot give " + path.string() + " to the server's user");
}

/// Names as Postfix gives them; they do not come in the order of delivery when sorted.
std::string maildir_name() {
    static std::atomic<unsigned> deliveries{0};
    const unsigned n = ++deliveries;
    const unsigned mixed = n * 2654435761u;
    std::array<char, 96> name{};
    const int length = std::snprintf(name.data(), name.size(), "%u.V802I%xM%06u.mx%u", 1767225600u + mixed % 86400u,
                                     0x40000u + n, mixed % 1000000u, n % 3);
    return {name.data(), static_cast<std::size_t>(length)};
}

} // namespace

Dovecot::Dovecot(const std::vector<std::string>& options)
    : PrivateServer(NIXIE_SOURCE_DIR "/scripts/dovecot", options) {}

Dovecot& Dovecot::with(const std::vector<std::string>& options) {
    static std::map<std::vector<std::string>, std::unique_ptr<Dovecot>> servers;
    auto& server = servers[options];
    if (!server) server = std::make_unique<Dovecot>(options);
    return *server;
}

std::string Dovecot::new_user() {
    static std::atomic<unsigned> users{0};
    return "user" + std::to_string(++users);
}

fs::path Dovecot::maildir(const std::string& user) const { return dir() / "mail" / user; }

void Dovecot::kick(const std::string& user) const {
    const auto kicked = run_process({"doveadm", "-c", (dir() / "conf").string(), "kick", user});
    if (kicked.exit_code != 0) throw std::runtime_error("doveadm: " + kicked.out + kicked.err);
}

fs::path Dovecot::deliver(const std::string& user, std::string_view bytes, const std::string& flags,
                          Time arrived) const {
    const fs::path root = maildir(user);
    for (const auto& folder : {root, root / "tmp", root / "new", root / "cur"}) {
        if (!fs::create_directory(folder)) continue;
        give_away(folder, dir() / "mail");
    }
    const std::string name = maildir_name();
    const fs::path temporary = root / "tmp" / name;
    std::ofstream(temporary, std::ios::binary) << bytes;
    give_away(temporary, root);
    if (arrived != Time{}) {
        const std::array<timespec, 2> times{timespec{arrived.time_since_epoch().count(), 0},
                                            timespec{arrived.time_since_epoch().count(), 0}};
        ::utimensat(AT_FDCWD, temporary.c_str(), times.data(), 0);
    }
    const fs::path final = flags.empty() ? root / "new" / name : root / "cur" / (name + ":2," + flags);
    fs::rename(temporary, final);
    return final;
}

std::vector<std::string> Dovecot::files(const std::string& user, const std::string& folder) const {
    std::vector<std::string> names;
    const fs::path root = folder.empty() ? maildir(user) : maildir(user) / ("." + folder);
    for (const char* const part : {"new", "cur"}) {
        if (!fs::exists(root / part)) continue;
        for (const auto& entry : fs::directory_iterator(root / part)) {
            const std::string name = entry.path().filename().string();
            const auto info = name.find(":2,");
            if (info == std::string::npos || name.find('T', info) == std::string::npos) names.push_back(name);
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace nixie
