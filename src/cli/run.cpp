#include <sysexits.h>
#include <unistd.h>

#include <mutex>
#include <numeric>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "cli/progress_bar.hpp"
#include "log/log.hpp"
#include "report/figures.hpp"
#include "report/judgement.hpp"
#include "report/table.hpp"
#include "store/lock.hpp"
#include "worker/once.hpp"
#include "worker/service.hpp"

namespace nixie {
namespace {

struct RunOptions {
    std::string config_file;
    bool once = false;
    bool dry_run = false;
    bool json = false;
    bool quiet = false;
    bool now = false;
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
    if (outcome.held_until) out["held_until"] = format_time(*outcome.held_until);
    return out;
}

void print_outcome(const MailboxOutcome& outcome, CycleMode mode) {
    const CycleSummary& summary = outcome.summary;
    fmt::print("{}: {} in the inbox, {} read, {} {}", outcome.mailbox, grouped(summary.found), grouped(summary.read),
               grouped(mode == CycleMode::dry_run ? summary.read : summary.filed),
               mode == CycleMode::dry_run ? "to file" : "filed");
    if (summary.quarantined > 0) fmt::print(", {} quarantined", summary.quarantined);
    fmt::print("\n");
    if (summary.read == 0) return;
    Table folders({{"MESSAGES", Align::right}, {"FOLDER"}});
    for (const auto& [folder, count] : summary.by_folder) folders.add({grouped(count), folder});
    fmt::print("{}", folders.text());
    Table types({{"RECIPIENTS", Align::right}, {"TYPE"}, {"MEANING"}});
    for (const auto& [type, count] : summary.by_type)
        types.add({grouped(count), std::string(name(type)), std::string(info(type).meaning)});
    if (!types.empty()) fmt::print("{}", types.text());
}

/// Nothing was wrong with this pass, but a monitor or cron should know that it did not do its work.
int report_held(const MailboxOutcome& outcome, const RunOptions& options) {
    if (!options.quiet)
        fmt::print(stderr, "nixie: mailbox {}: left alone until {}, see `nixie status`; to try it now use --now\n",
                   outcome.mailbox, zoned_time(*outcome.held_until));
    return EX_TEMPFAIL;
}

/// `texts`: what was told of the messages of each mailbox, and not shown yet.
int report(const RunOutcome& run, const RunOptions& options, const std::vector<std::string>& texts) {
    int code = EX_OK;
    for (const auto& failure : run.failures) code = fail(failure);
    for (std::size_t i = 0; i < run.mailboxes.size(); ++i) {
        const MailboxOutcome& outcome = run.mailboxes[i];
        fmt::print("{}", texts[i]);
        if (options.json)
            fmt::print("{}\n", outcome_json(outcome).dump());
        else if (!options.quiet && !outcome.failure && !outcome.held_until)
            print_outcome(outcome, options.dry_run ? CycleMode::dry_run : CycleMode::work);
        if (outcome.held_until) code = report_held(outcome, options);
        if (const int failed = fail_about(outcome.mailbox, outcome.summary.failures, outcome.failure); failed != EX_OK)
            code = failed;
    }
    return code;
}

/// What several mailboxes tell at once, shown as one.
class OnceScreen {
  public:
    explicit OnceScreen(std::size_t mailboxes) : done_(mailboxes), totals_(mailboxes), texts_(mailboxes) {}

    Watch watch(const RunOptions& options) {
        Watch out;
        out.progress = [this](std::size_t mailbox, std::size_t done, std::size_t total) {
            const std::lock_guard lock(mutex_);
            done_[mailbox] = done;
            totals_[mailbox] = total;
            bar_.show(std::accumulate(done_.begin(), done_.end(), std::size_t{0}),
                      std::accumulate(totals_.begin(), totals_.end(), std::size_t{0}));
        };
        if (options.dry_run && !options.json && !options.quiet)
            out.judged = [this](std::size_t mailbox, const Judgement& judgement, const std::string& uid,
                                const std::string& folder) {
                std::string text = judgement_text(judgement, fmt::format("{} -> {}", uid, folder));
                // Only the first is shown as it comes: the others wait for their turn.
                if (mailbox == 0)
                    fmt::print("{}", text);
                else
                    texts_[mailbox] += text;
            };
        return out;
    }
    [[nodiscard]] const std::vector<std::string>& texts() const { return texts_; }

  private:
    std::mutex mutex_;
    ProgressBar bar_;
    std::vector<std::size_t> done_, totals_;
    std::vector<std::string> texts_; ///< each written by the one thread that has its mailbox
};

int run_once_command(const Settings& settings, const RunOptions& options, const Clock& clock, const Signals& signals) {
    OnceScreen screen(settings.config.mailboxes.size());
    const RunOutcome outcome = run_once(
        settings, {options.dry_run ? CycleMode::dry_run : CycleMode::work, options.now ? Held::ignore : Held::respect},
        clock, signals, screen.watch(options));
    return report(outcome, options, screen.texts());
}

int run_service(std::shared_ptr<const Settings> settings, const RunOptions& options, const Clock& clock,
                const Signals& signals) {
    const ServiceManager manager = ServiceManager::from_environment();
    log(LogLevel::info, "nixie " NIXIE_VERSION " begins", {{"mailboxes", settings->config.mailboxes.size()}});
    Service service(
        std::move(settings), [&options, &clock] { return load_settings(options.config_file, clock); }, clock, signals,
        manager);
    service.run();
    log(LogLevel::info, "stopped");
    return EX_OK;
}

int run_command(const RunOptions& options) {
    const SystemClock clock;
    auto loaded = load_settings(options.config_file, clock);
    for (const auto& error : loaded.errors) fail(error);
    if (!loaded.settings) return EX_CONFIG;
    const Config& config = loaded.settings->config;
    if (const auto logging = set_up_log(config.log); !logging) return fail(logging.error());
    if (options.quiet) set_log_level(LogLevel::error);
    // A dry run writes nothing, so it neither takes the lock nor waits for who holds it.
    std::optional<InstanceLock> lock;
    if (!options.dry_run) {
        auto taken = InstanceLock::take(config.state);
        if (!taken) return fail(taken.error());
        lock.emplace(std::move(taken).value());
    }
    const Signals signals;
    if (options.once || options.dry_run) return run_once_command(*loaded.settings, options, clock, signals);
    return run_service(std::move(loaded.settings), options, clock, signals);
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
    command->add_flag(
        "--now", options->now,
        "With --once: also mailboxes whose login was refused lately or that rest, and messages that failed lately");
    command->add_flag("--quiet,-q", options->quiet, "Print errors only");
    command->footer("A second `nixie run` on the same journal says so and ends with 75 (EX_TEMPFAIL).");
    on_chosen(*command, chosen, options, run_command);
}

} // namespace nixie
