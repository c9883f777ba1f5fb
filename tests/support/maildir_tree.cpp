#include "support/maildir_tree.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace nixie {
namespace {

namespace fs = std::filesystem;

/// Postfix: seconds, device, inode, microseconds, host. Names that differ in one counter only collide in Dovecot's hash.
std::string postfix_name(std::size_t number, std::size_t seconds) {
    const std::size_t inode = 0x3a000000 + number * 2654435761U % 0xffffff;
    const std::size_t microseconds = number * 40503U % 1000000;
    char name[96];
    std::snprintf(name, sizeof name, "%zu.Vfe00I%zxM%06zu.mail", seconds + number / 7, inode + number, microseconds);
    return name;
}

void give_to_owner_of(const fs::path& model, const fs::path& path) {
    struct stat status {};
    if (::stat(model.c_str(), &status) != 0) throw std::runtime_error("stat " + model.string());
    if (::geteuid() == 0 && ::chown(path.c_str(), status.st_uid, status.st_gid) != 0) throw std::runtime_error("chown");
}

std::string message_id(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    for (std::string line; std::getline(in, line) && line != "\r" && !line.empty();)
        if (line.starts_with("Message-Id: ")) return line.substr(12, line.find('>') - 11);
    return "(none)";
}

} // namespace

void deliver(const fs::path& maildir, const std::vector<std::string>& messages, std::size_t arrived) {
    for (const auto& folder : {maildir, maildir / "cur", maildir / "new", maildir / "tmp"}) {
        if (fs::exists(folder)) continue;
        fs::create_directories(folder);
        give_to_owner_of(maildir.parent_path(), folder);
    }
    static std::atomic<std::size_t> delivered{0};
    for (const auto& message : messages) {
        const fs::path file = maildir / "new" / postfix_name(delivered++, arrived);
        if (fs::exists(file)) throw std::runtime_error("name used twice: " + file.string());
        std::ofstream(file, std::ios::binary) << message;
        give_to_owner_of(maildir.parent_path(), file);
    }
}

std::map<std::string, std::vector<fs::path>> message_files(const fs::path& maildir) {
    std::map<std::string, std::vector<fs::path>> out;
    const auto take_all_of = [&](const std::string& folder) {
        std::error_code absent;
        for (const char* part : {"cur", "new"})
            for (const auto& file : fs::directory_iterator(maildir / folder / part, absent))
                out[folder].push_back(file.path());
    };
    take_all_of("");
    std::error_code absent;
    for (const auto& entry : fs::directory_iterator(maildir, absent)) {
        const std::string folder = entry.path().filename().string();
        if (folder.starts_with('.') && entry.is_directory()) take_all_of(folder);
    }
    return out;
}

std::map<std::string, std::vector<std::string>> message_ids(const fs::path& maildir) {
    std::map<std::string, std::vector<std::string>> out;
    for (const auto& [folder, files] : message_files(maildir)) {
        auto& ids = out[folder];
        for (const auto& file : files) ids.push_back(message_id(file));
        std::sort(ids.begin(), ids.end());
    }
    return out;
}

std::map<std::string, std::size_t> message_counts(const fs::path& maildir) {
    std::map<std::string, std::size_t> out;
    for (const auto& [folder, files] : message_files(maildir)) out[folder] = files.size();
    return out;
}

std::map<std::string, std::size_t> filled_folders(const fs::path& maildir) {
    auto out = message_counts(maildir);
    std::erase_if(out, [](const auto& folder) { return folder.second == 0; });
    return out;
}

} // namespace nixie
