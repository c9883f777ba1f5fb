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

namespace nixie {
namespace {

namespace fs = std::filesystem;

/// Standard output; throws with what the command said on standard error if it fails.
std::string run(const std::string& command) {
    std::string output;
    FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
    std::array<char, 512> buffer{};
    while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe) != nullptr) output += buffer.data();
    if (::pclose(pipe) != 0) throw std::runtime_error(command + ": " + output);
    return output;
}

const std::string script = NIXIE_SOURCE_DIR "/scripts/dovecot";

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

Dovecot::Dovecot(const std::vector<std::string>& options) {
    std::string name = (fs::temp_directory_path() / "nixie-dovecot-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot create " + name);
    dir_ = name;
    std::string command = script + " start " + name;
    for (const auto& option : options) command += " '" + option + "'";
    values_ = " " + run(command);
    values_.erase(values_.find_last_not_of('\n') + 1);
}

Dovecot::~Dovecot() {
    try {
        run(script + " stop " + dir_.string());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
    }
    std::error_code ignored;
    fs::remove_all(dir_, ignored);
}

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

std::string Dovecot::value(const std::string& key) const {
    const auto at = values_.find(" " + key + "=");
    if (at == std::string::npos) throw std::runtime_error("the server was started without " + key);
    const auto begin = at + key.size() + 2;
    return values_.substr(begin, values_.find(' ', begin) - begin);
}

Endpoint Dovecot::endpoint(const std::string& scheme, const std::string& user) const {
    Endpoint endpoint;
    const bool implicit = scheme.back() == 's';
    endpoint.url = scheme + (implicit ? "://localhost:" : "://127.0.0.1:") + value(scheme);
    endpoint.tls = implicit ? Tls::implicit : Tls::none;
    if (implicit) endpoint.ca_file = ca_file();
    endpoint.user = user;
    endpoint.password = "pw";
    endpoint.timeout = std::chrono::seconds(30);
    return endpoint;
}

std::string Dovecot::ca_file() const { return value("ca"); }

fs::path Dovecot::maildir(const std::string& user) const { return dir_ / "mail" / user; }

fs::path Dovecot::deliver(const std::string& user, std::string_view bytes, const std::string& flags,
                          Time arrived) const {
    const fs::path root = maildir(user);
    for (const auto& folder : {root, root / "tmp", root / "new", root / "cur"}) {
        if (!fs::create_directory(folder)) continue;
        give_away(folder, dir_ / "mail");
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
