#include "doctor/disk.hpp"
#include "report/figures.hpp"

#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>

namespace nixie {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t little_space = std::uintmax_t{1} << 30;
constexpr std::uintmax_t no_space = std::uintmax_t{50} << 20;
constexpr const char* give_access = "let the user that runs nixie read and write there (chown, chmod)";

bool may_write(const std::string& path) { return ::access(path.c_str(), R_OK | W_OK | X_OK) == 0; }

Finding not_written(const std::string& subject, const std::string& path) {
    return {subject, Mark::problem, fmt::format("{} cannot be read and written: {}", path, std::strerror(errno)),
            give_access};
}

} // namespace

Finding space_finding(const std::string& path) {
    struct statvfs disk {};
    if (::statvfs(path.c_str(), &disk) != 0)
        return {"disk", Mark::warning,
                fmt::format("{}: how full the disk is cannot be seen: {}", path, std::strerror(errno))};
    const auto free = static_cast<std::uintmax_t>(disk.f_bavail) * disk.f_frsize;
    Finding finding{"disk", Mark::ok, fmt::format("{} free below {}", bytes_text(free), path)};
    if (free < little_space) finding.mark = free < no_space ? Mark::problem : Mark::warning;
    if (finding.mark != Mark::ok) finding.remedy = "make room: without it nothing can be recorded or filed";
    return finding;
}

Findings maildir_findings(const std::string& path, Presence presence) {
    std::error_code ignored;
    if (presence == Presence::created_later && !fs::exists(path, ignored)) {
        const std::string parent = fs::path(path).parent_path().string();
        if (!may_write(parent)) return {not_written("maildir", parent)};
        return {{"maildir", Mark::ok, path + " is created when first needed"}, space_finding(parent)};
    }
    for (const char* const part : {"", "/new", "/cur", "/tmp"}) {
        const std::string folder = path + part;
        if (may_write(folder)) continue;
        const bool absent = errno == ENOENT;
        Finding finding = not_written("maildir", folder);
        if (absent) finding.remedy = "name a directory that holds cur, new and tmp";
        return {finding};
    }
    return {{"maildir", Mark::ok, path + " can be read and written"}, space_finding(path)};
}

} // namespace nixie
