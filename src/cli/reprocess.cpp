#include <sysexits.h>

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "cli/since.hpp"
#include "log/log.hpp"
#include "report/table.hpp"
#include "store/lock.hpp"
#include "worker/answer.hpp"
#include "worker/reprocess.hpp"

namespace nixie {
namespace {

struct ReprocessOptions {
    std::string config_file;
    std::string mailbox, folder, since;
    bool dry_run = false;
    bool json = false;
};

/// An Error if a mailbox or folder of that name is not configured.
Result<ReprocessChoice> read_choice(const ReprocessOptions& options, const Config& config) {
    ReprocessChoice choice;
    if (!options.mailbox.empty()) {
        choice.mailbox = options.mailbox;
        std::vector<std::string> names;
        for (const auto& mailbox : config.mailboxes) names.push_back(mailbox.name);
        if (std::find(names.begin(), names.end(), options.mailbox) == names.end())
            return Error{ErrorCode::usage, fmt::format("there is no mailbox called {}", printable(options.mailbox)),
                         "--mailbox", fmt::format("configured are {}", fmt::join(names, ", "))};
    }
    if (!options.folder.empty()) {
        choice.folder = options.folder;
        std::vector<std::string> names;
        for (const auto& mailbox : config.mailboxes)
            for (const auto& folder : our_folders(mailbox.folders)) {
                names.push_back(folder.name);
                names.insert(names.end(), folder.defaults.begin(), folder.defaults.end());
            }
        if (std::find(names.begin(), names.end(), options.folder) == names.end())
            return Error{ErrorCode::usage, fmt::format("nixie files nothing into {}", printable(options.folder)),
                         "--folder", fmt::format("known are {}", fmt::join(FolderNames::defaults(), ", "))};
    }
    if (!options.since.empty()) {
        const auto since = read_since(options.since, SystemClock().now());
        if (!since) return since.error();
        choice.since = *since;
    }
    return choice;
}

std::string reprocess_json(const ReprocessOutcome& outcome) {
    const auto& summary = outcome.summary;
    nlohmann::ordered_json out;
    out["mailbox"] = outcome.mailbox;
    out["read"] = summary.read;
    out["changed"] = summary.changed;
    out["moved"] = summary.moved;
    out["corrected_by_hand"] = summary.answered;
    out["not_in_journal"] = summary.unrecorded;
    out["moves"] = nlohmann::ordered_json::array();
    for (const auto& [move, messages] : summary.moves)
        out["moves"].push_back({{"from", move.first}, {"to", move.second}, {"messages", messages}});
    for (const auto& failure : summary.failures) out["failures"].push_back(failure.text());
    if (outcome.failure) out["error"] = outcome.failure->text();
    return out.dump() + "\n";
}

std::string reprocess_text(const ReprocessOutcome& outcome, CycleMode mode) {
    const auto& summary = outcome.summary;
    std::string out = fmt::format("{}: {} read again, ", outcome.mailbox, summary.read);
    if (mode == CycleMode::dry_run)
        out += fmt::format("{} to move", summary.moved);
    else
        out += fmt::format("{} with another verdict, {} moved", summary.changed, summary.moved);
    if (summary.answered > 0) out += fmt::format(", {} corrected by hand left alone", summary.answered);
    if (summary.unrecorded > 0) out += fmt::format(", {} not in the journal left alone", summary.unrecorded);
    out += "\n";
    Table moves({{"MESSAGES", Align::right}, {"FROM"}, {"TO"}});
    for (const auto& [move, messages] : summary.moves) moves.add({std::to_string(messages), move.first, move.second});
    return moves.empty() ? out : out + moves.text();
}

int report_reprocess(const std::vector<ReprocessOutcome>& outcomes, const ReprocessOptions& options, CycleMode mode) {
    int code = EX_OK;
    for (const auto& outcome : outcomes) {
        if (options.json)
            fmt::print("{}", reprocess_json(outcome));
        else if (!outcome.failure)
            fmt::print("{}", reprocess_text(outcome, mode));
        if (const int failed = fail_about(outcome.mailbox, outcome.summary.failures, outcome.failure); failed != EX_OK)
            code = failed;
    }
    return code;
}

int reprocess_command(const ReprocessOptions& options) {
    const SystemClock clock;
    auto loaded = load_settings(options.config_file, clock);
    for (const auto& error : loaded.errors) fail(error);
    if (!loaded.settings) return EX_CONFIG;
    const Config& config = loaded.settings->config;
    const auto choice = read_choice(options, config);
    if (!choice) return fail(choice.error());
    set_log_level(LogLevel::warning); // what was done is in the summary
    const CycleMode mode = options.dry_run ? CycleMode::dry_run : CycleMode::work;
    std::optional<InstanceLock> lock;
    if (mode == CycleMode::work) {
        auto taken = InstanceLock::take(config.state);
        if (!taken) {
            Error error = taken.error();
            if (error.code == ErrorCode::busy)
                error.remedy = "stop the service or wait for that run to end, then reprocess";
            return fail(error);
        }
        lock.emplace(std::move(taken).value());
    }
    const Signals signals;
    return report_reprocess(reprocess_all(*loaded.settings, *choice, mode, clock, signals), options, mode);
}

} // namespace

void add_reprocess(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<ReprocessOptions>();
    auto* command =
        app.add_subcommand("reprocess", "Judge filed messages again after rules changed, and file them anew");
    add_config_option(*command, options->config_file);
    command->add_option("--mailbox", options->mailbox, "Only this one");
    command->add_option("--folder", options->folder, "Only this one; \"quarantine\" is run through only when named");
    command->add_option("--since", options->since, std::string("Only what arrived since: ") + since_help);
    command->add_flag("--dry-run", options->dry_run, "Only tell what would be moved: changes nothing anywhere");
    command->add_flag("--json", options->json, "One line of JSON a mailbox");
    command->footer(
        "Counts nothing twice, and leaves alone what a person moved. Works while no other nixie does on the same\n"
        "journal: otherwise it says so and ends with 75 (EX_TEMPFAIL).");
    on_chosen(*command, chosen, options, reprocess_command);
}

} // namespace nixie
