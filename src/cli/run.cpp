#include <sysexits.h>
#include <unistd.h>

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "cli/progress_bar.hpp"
#include "report/judgement.hpp"
#include "report/table.hpp"
#include "store/lock.hpp"
#include "worker/service.hpp"

namespace nixie {
namespace {

struct RunOptions {
    std::string config_file;
    bool once = false;
    bool dry_run = false;
    bool json = false;
    bool quiet = false;
};

nlohmann::ordered_json outcome_json(const MailboxOutcome& outcome) {
    const CycleSummary& summary = outcome.summary;
    nlohmann::ordered_json out;
    out["mailbox"] = outcome.mailbox;
    out["found"] = summary.found;
    out["read"] = summary.read;
    out["filed"] = summary.filed;
    out["quarantined"] = summary.quarantined;
    out["folders"] = summary.by_folder;
    for (const auto& kind : kinds)
        if (const auto it = summary.by_kind.find(kind.kind); it != summary.by_kind.end())
            out["kinds"][std::string(kind.name)] = it->second;
    for (const auto& type : bounce_types)
        if (const auto it = summary.by_type.find(type.type); it != summary.by_type.end())
            out["types"][std::string(type.name)] = it->second;
    for (const auto& failure : summary.failures) out["failures"].push_back(failure.text());
    if (outcome.failure) out["error"] = outcome.failure->text();
    return out;
}

void print_outcome(const MailboxOutcome& outcome, CycleMode mode) {
    const CycleSummary& summary = outcome.summary;
    fmt::print("{}: {} in the inbox, {} read, {} {}", outcome.mailbox, summary.found, summary.read,
               mode == CycleMode::dry_run ? summary.read : summary.filed,
               mode == CycleMode::dry_run ? "to file" : "filed");
    if (summary.quarantined > 0) fmt::print(", {} quarantined", summary.quarantined);
    fmt::print("\n");
    if (summary.read == 0) return;
    Table folders({{"MESSAGES", Align::right}, {"FOLDER"}});
    for (const auto& [folder, count] : summary.by_folder) folders.add({std::to_string(count), folder});
    fmt::print("{}", folders.text());
    Table types({{"RECIPIENTS", Align::right}, {"TYPE"}, {"MEANING"}});
    for (const auto& [type, count] : summary.by_type)
        types.add({std::to_string(count), std::string(name(type)), std::string(info(type).meaning)});
    if (!types.empty()) fmt::print("{}", types.text());
}

int report(const RunOutcome& run, const RunOptions& options) {
    int code = run.events ? fail(*run.events) : EX_OK;
    for (const auto& outcome : run.mailboxes) {
        if (options.json)
            fmt::print("{}\n", outcome_json(outcome).dump());
        else if (!options.quiet && !outcome.failure)
            print_outcome(outcome, options.dry_run ? CycleMode::dry_run : CycleMode::work);
        std::vector<Error> errors = outcome.summary.failures;
        if (outcome.failure) errors.push_back(*outcome.failure);
        for (auto& error : errors) {
            const std::string name = fmt::format("mailbox {}", outcome.mailbox);
            error.where = error.where.empty() ? name : fmt::format("{} ({})", name, error.where);
            code = fail(error);
        }
    }
    return code;
}

int run_once_command(const Run& run, const RunOptions& options) {
    ProgressBar bar;
    Watch watch;
    watch.progress = [&](std::size_t done, std::size_t total) { bar.show(done, total); };
    if (options.dry_run && !options.json && !options.quiet)
        watch.judged = [](const Judgement& judgement, const std::string& uid, const std::string& folder) {
            fmt::print("{}", judgement_text(judgement, fmt::format("{} -> {}", uid, folder)));
        };
    return report(run_once(run, options.dry_run ? CycleMode::dry_run : CycleMode::work, watch), options);
}

int run_command(const RunOptions& options) {
    const auto config = load_config_or_complain(options.config_file);
    if (!config) return EX_CONFIG;
    if (options.quiet) spdlog::set_level(spdlog::level::err);
    // A dry run writes nothing, so it neither takes the lock nor waits for who holds it.
    std::optional<InstanceLock> lock;
    if (!options.dry_run) {
        auto taken = InstanceLock::take(config->state);
        if (!taken) return fail(taken.error());
        lock.emplace(std::move(taken).value());
    }
    const StopSignal stop;
    const auto judge = config->rules_directory.empty() ? Judge::built_in() : Judge::with_own(config->rules_directory);
    if (!judge) return fail(judge.error());
    const SystemClock clock;
    const Run run{*config, *judge, clock, stop};
    if (options.once || options.dry_run) return run_once_command(run, options);
    spdlog::info("nixie {}: attending {} mailboxes", NIXIE_VERSION, config->mailboxes.size());
    run_service(run);
    spdlog::info("stopped");
    return EX_OK;
}

} // namespace

void add_run(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<RunOptions>();
    auto* command = app.add_subcommand("run", "Read the mailboxes, record what bounced and file every message");
    add_config_option(*command, options->config_file);
    command->add_flag("--once", options->once,
                      "One pass over every mailbox, then end (for cron); else run until stopped");
    command->add_flag("--dry-run", options->dry_run,
                      "One pass that only tells what it would do: changes nothing anywhere");
    command->add_flag("--json", options->json, "With --once or --dry-run: one line of JSON a mailbox");
    command->add_flag("--quiet,-q", options->quiet, "Print errors only");
    command->footer("A second `nixie run` on the same journal says so and ends with 75 (EX_TEMPFAIL).");
    command->callback([options, &chosen] { chosen = [options] { return run_command(*options); }; });
}

} // namespace nixie
