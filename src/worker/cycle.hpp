// One pass over one mailbox: list, read, decide, record, file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <string>

#include "base/clock.hpp"
#include "config/config.hpp"
#include "mailbox/mailbox.hpp"
#include "nixie/judge.hpp"
#include "nixie/result.hpp"
#include "store/store.hpp"
#include "worker/settings.hpp"

namespace nixie {

/// What a pass did, for people and for the exit code.
struct CycleSummary {
    std::size_t found = 0; ///< messages in the inbox
    std::size_t read = 0;  ///< fetched and judged
    std::size_t filed = 0; ///< moved, messages of an interrupted earlier pass included
    std::size_t quarantined = 0;
    std::size_t left = 0;     ///< in the inbox when the pass ended, and not filed
    std::uint64_t bytes = 0;  ///< fetched
    std::string validity;     ///< of the uids
    bool budget_used = false; ///< what CycleContext::budget left did not suffice for another message
    std::map<std::string, std::size_t> by_folder; ///< read messages
    std::map<Kind, std::size_t> by_kind;          ///< read messages
    std::map<BounceType, std::size_t> by_type;    ///< recipients of read bounces
    std::vector<Error> failures; ///< folders that could not be filed into; their messages stay for the next pass

    CycleSummary& operator+=(const CycleSummary& other);
};

enum class CycleMode {
    work,
    dry_run, ///< reads and judges; writes nothing, neither here nor on the server
};

/// What a pass needs. The references must outlive it.
struct CycleContext {
    const MailboxConfig& mailbox;
    const Config& config;
    const LazyJudge& judge;
    const Clock& clock;
    CycleMode mode = CycleMode::work;
    std::function<bool()> stop = [] { return false; }; ///< asked before each chunk
    Duration pause =
        std::chrono::minutes(4); ///< before the third try at reading or filing the same message, and each later one
    std::function<void()> alive = [] {}; ///< called at every step, for who watches whether there are any
    std::uint64_t budget = std::numeric_limits<std::uint64_t>::max(); ///< bytes that may be fetched; never exceeded
    std::function<void(std::size_t)> fetched = [](std::size_t) {};    ///< told of the bytes of each message
    std::set<std::string> told_mailings = {};                         ///< see worker/origin.hpp
    // The two below are called on threads of the pass, each by one at a time.
    /// Told of each message when it has been read, with the folder it goes to.
    std::function<void(const Judgement&, const std::string& uid, const std::string& folder)> judged = {};
    /// Told after each chunk how many of how many messages are done.
    std::function<void(std::size_t done, std::size_t total)> progress = [](std::size_t, std::size_t) {};
};

/// `mailbox` is open. `store` is null only in a dry run before the first real one.
/// An error means that the pass was broken off; the journal tells the next one where to go on.
Result<CycleSummary> run_cycle(Mailbox& mailbox, Store* store, const CycleContext& context);

} // namespace nixie
