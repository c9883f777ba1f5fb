#include <sysexits.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "manual/completion.hpp"
#include "manual/man_page.hpp"

namespace nixie {
namespace {

/// Of a reproducible build (reproducible-builds.org), else today.
std::string manual_date() {
    std::time_t when = std::time(nullptr);
    if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH")) when = std::strtoll(epoch, nullptr, 10);
    std::tm day{};
    gmtime_r(&when, &day);
    return fmt::format("{:%B} {}, {:%Y}", day, day.tm_mday, day);
}

int write_manuals(const CLI::App& app, const std::string& folder) {
    std::vector<ExitCodeMeaning> codes;
    for (const auto& row : exit_codes) codes.push_back({row.code, std::string(row.meaning)});
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    for (const auto& page : man_pages(app, codes, manual_date())) {
        const std::string path = fmt::format("{}/{}.1", folder, page.name);
        std::ofstream out(path, std::ios::binary);
        out << page.text;
        if (!out.flush())
            return fail({ErrorCode::output, "cannot write a manual page", path, "name a folder of yours"});
    }
    return EX_OK;
}

} // namespace

void add_completion(CLI::App& app, Command& chosen) {
    auto shell = std::make_shared<std::string>();
    auto* command = app.add_subcommand("completion", "Print the completion script of a shell");
    command->add_option("shell", *shell, "Which one")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
    command->footer(
        "The Debian package and `cmake --install` put these where shells look for them. By hand:\n"
        "  bash: source <(nixie completion bash)\n"
        "  zsh:  nixie completion zsh > ~/.zfunc/_nixie, with ~/.zfunc in $fpath\n"
        "  fish: nixie completion fish > ~/.config/fish/completions/nixie.fish");
    command->callback([&app, shell, &chosen] {
        chosen = [&app, shell] {
            fmt::print("{}", *shell == "bash"  ? bash_completion(app)
                             : *shell == "zsh" ? zsh_completion(app)
                                               : fish_completion(app));
            return EX_OK;
        };
    });
}

void add_manual(CLI::App& app, Command& chosen) {
    auto folder = std::make_shared<std::string>();
    auto* command = app.add_subcommand("manual", "Write a manual page for the program and for every command");
    command->group(""); // for the build, not for people
    command->add_option("folder", *folder, "Where to")->required();
    on_chosen(*command, chosen, folder, [&app](const std::string& into) { return write_manuals(app, into); });
}

} // namespace nixie
