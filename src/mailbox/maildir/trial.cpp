#include "mailbox/maildir/trial.hpp"

#include <filesystem>
#include <fstream>
#include <functional>

#include "mailbox/imap/names.hpp"

namespace nixie {
namespace {

namespace fs = std::filesystem;

fs::path trial_path(const MaildirTree& tree, FolderPath folder, const char* name) {
    folder.emplace_back(name);
    return fs::path(tree.path()) / ("." + join_folder(folder, ImapNamespace{"", "."}));
}

Result<void> failed_at(const fs::path& path, const std::error_code& error) {
    if (!error) return {};
    return Error{ErrorCode::output, error.message(), path.string(), "let this user write there"};
}

Result<void> make_folder(const fs::path& folder) {
    std::error_code error;
    for (const auto& part : {folder, folder / "tmp", folder / "new", folder / "cur"}) {
        fs::create_directory(part, error);
        if (error) break;
    }
    return failed_at(folder, error);
}

Result<void> write_message(const fs::path& file) {
    std::ofstream out(file, std::ios::binary);
    out << trial_message << std::flush;
    return out ? Result<void>{} : failed_at(file, std::make_error_code(std::errc::io_error));
}

} // namespace

FilingTrial try_maildir(const MaildirTree& tree, const FolderPath& root) {
    const fs::path from = trial_path(tree, root, trial_folders[0]), to = trial_path(tree, root, trial_folders[1]);
    const fs::path message = from / "new" / "trial", moved = to / "new" / "trial";
    FilingTrial trial;
    const auto step = [&](const char* what, const std::function<Result<void>()>& action) {
        const bool over = !trial.steps.empty() && trial.steps.back().failed;
        if (over) return;
        const auto done = action();
        trial.steps.push_back({what, done ? std::nullopt : std::optional(done.error())});
    };
    step("create folders", [&] {
        auto made = make_folder(from);
        return made ? make_folder(to) : made;
    });
    step("append a message", [&] { return write_message(message); });
    step("move it", [&] {
        std::error_code error;
        fs::rename(message, moved, error);
        return failed_at(moved, error);
    });
    std::error_code error;
    for (const auto& folder : {from, to})
        if (!error) fs::remove_all(folder, error);
    const auto cleared = failed_at(from, error);
    trial.steps.push_back({"clear up", cleared ? std::nullopt : std::optional(cleared.error())});
    return trial;
}

} // namespace nixie
