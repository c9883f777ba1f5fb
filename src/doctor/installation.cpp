#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include <unistd.h>

#include <fmt/format.h>

#include "doctor/disk.hpp"
#include "doctor/examine.hpp"
#include "explain/examples.hpp"
#include "explain/rule_files.hpp"
#include "store/lock.hpp"
#include "store/schema.hpp"
#include "worker/journal.hpp"
#include "worker/retry_policies.hpp"

namespace nixie {
namespace {

constexpr std::size_t most_mistakes = 10;
/// A clock that is read a moment later may be a second behind.
constexpr Duration clock_slack = std::chrono::minutes(1);

struct Site {
    const Config& config;
    const Clock& clock;
    std::optional<Store> store;
    std::optional<JournalStatus> status;
};

Findings check_journal(Site& site) {
    const std::string& path = site.config.state;
    const std::string folder = std::filesystem::path(path).parent_path().string();
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
        if (::access(folder.c_str(), W_OK | X_OK) == 0)
            return {{"journal", Mark::ok, path + " is created by the first `nixie run`"}};
        return {{"journal", Mark::problem, "there is none, and its folder " + folder + " cannot be written to",
                 "create the folder and give it to the user that runs nixie"}};
    }
    auto store = open_journal(site.config, StoreAccess::read);
    if (!store) return {problem("journal", store.error())};
    site.store = std::move(store).value();
    const auto damage = site.store->check(Store::Thoroughness::quick);
    if (!damage) return {problem("journal", damage.error())};
    if (!damage->empty())
        return {{"journal", Mark::problem, "damaged: " + damage->front(),
                 "restore a backup; `nixie db check` shows all of it"}};
    return {{"journal", Mark::ok, fmt::format("{} opens, version {}, and is whole", path, schema_version())}};
}

Findings check_space(Site& site) {
    const std::string folder = std::filesystem::path(site.config.state).parent_path().string();
    return {space_finding(folder.empty() ? "." : folder)};
}

Findings read_status(Site& site) {
    if (!site.store) return {{"outbox", Mark::not_tried, "there is no journal to read"}};
    auto status = site.store->status(retry_policies(site.config), site.clock.now(), 0);
    if (!status) return {problem("outbox", status.error())};
    site.status = std::move(status).value();
    const OutboxStatus& outbox = site.status->outbox;
    if (outbox.dead > 0)
        return {{"outbox", Mark::warning, fmt::format("{} dead letters: events that could not be told", outbox.dead),
                 "`nixie outbox list --dead` shows why; then `nixie outbox replay` or `drop`"}};
    if (outbox.failing > 0)
        return {{"outbox", Mark::warning,
                 fmt::format("{} of {} waiting events are not taken: {}", outbox.failing, outbox.waiting,
                             outbox.last_error),
                 "`nixie outbox list` shows them; they are tried again by themselves"}};
    return {{"outbox", Mark::ok, fmt::format("{} events wait", outbox.waiting)}};
}

Findings check_own_clock(Site& site) {
    if (!site.status) return {{"own clock", Mark::not_tried, "there is no journal to compare it with"}};
    Time latest{};
    for (const auto& mailbox : site.status->mailboxes) latest = std::max(latest, mailbox.status.since);
    const Duration ahead = latest - site.clock.now();
    if (ahead <= clock_slack) return {{"own clock", Mark::ok, "not behind what the journal has recorded"}};
    return {{"own clock", Mark::problem,
             fmt::format("the journal was written {} s from now, by this machine's clock", ahead.count()),
             "set the clock by NTP: a clock that was put back delays every other try"}};
}

Findings check_rules(Site& site) {
    const std::string& folder = site.config.rules_directory;
    if (folder.empty()) return {{"rules", Mark::ok, "the built-in ones; no folder of your own"}};
    RuleFiles files = read_rule_files({folder}, BuiltIn::behind);
    Findings out;
    for (const auto& error : files.errors)
        if (out.size() < most_mistakes) out.push_back(problem("rules", error));
    if (!out.empty()) return out;
    const auto run = run_examples(files);
    if (!run.failures.empty())
        return {{"rules", Mark::warning,
                 fmt::format("{} of {} examples in {} fail", run.failures.size(), run.count, folder),
                 "`nixie rules test` shows which rule won instead"}};
    return {{"rules", Mark::ok,
             fmt::format("{}: {} rules and {} formats of your own, {} examples pass", folder, files.own_rules,
                         files.own_formats, run.count)}};
}

Findings check_lock(Site& site) {
    const auto holder = InstanceLock::holder(site.config.state);
    return {{"service", Mark::ok,
             holder ? fmt::format("`nixie run` is at work (process {})", holder->empty() ? "unknown" : *holder)
                    : "no `nixie run` is at work now"}};
}

using SiteCheck = Findings (*)(Site&);
constexpr std::array<SiteCheck, 6> site_checks{check_journal,   check_space, read_status,
                                               check_own_clock, check_rules, check_lock};

} // namespace

Examination examine_installation(const Config& config, const Clock& clock) {
    Site site{config, clock, std::nullopt, std::nullopt};
    Examination out{"installation", {}, {}};
    for (const SiteCheck check : site_checks) {
        Findings found = check(site);
        std::move(found.begin(), found.end(), std::back_inserter(out.findings));
    }
    return out;
}

} // namespace nixie
