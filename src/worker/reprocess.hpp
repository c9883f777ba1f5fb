// Runs filed messages through again: after rules changed, their verdicts follow.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mailbox/mailbox.hpp"
#include "nixie/result.hpp"
#include "nixie/time.hpp"
#include "store/store.hpp"
#include "worker/cycle.hpp"
#include "worker/settings.hpp"
#include "worker/stop.hpp"

namespace nixie {

/// What to run through again; nothing: all.
struct ReprocessChoice {
    std::optional<std::string> mailbox; ///< configured name
    std::optional<std::string> folder;  ///< default name or path; quarantine only if it is named
    std::optional<Time> since;          ///< arrival of the message
};

struct ReprocessSummary {
    std::size_t read = 0;
    std::size_t changed = 0;                                          ///< have another verdict now
    std::size_t moved = 0;                                            ///< with dry_run: would be
    std::size_t answered = 0;                                         ///< left alone: the verdict is a person's
    std::size_t unrecorded = 0;                                       ///< left alone: the journal does not know them
    std::map<std::pair<std::string, std::string>, std::size_t> moves; ///< from, to
    std::vector<Error> failures; ///< folders that could not be read or filed into; that the budget did not suffice
};

/// Safe to be cut off anywhere: the journal knows what is on its way, and the next time goes on. `mailbox` is open; `store` is
/// only read from in a dry run. Fetches no more than the context's budget.
Result<ReprocessSummary> reprocess(Mailbox& mailbox, Store& store, const CycleContext& context,
                                   const ReprocessChoice& choice);

struct ReprocessOutcome {
    std::string mailbox;
    ReprocessSummary summary;
    std::optional<Error> failure;
};

/// All chosen mailboxes, one after the other; of a POP3 one the tree on this machine, without the server.
std::vector<ReprocessOutcome> reprocess_all(const Settings& settings, const ReprocessChoice& choice, CycleMode mode,
                                            const Clock& clock, const Signals& signals);

} // namespace nixie
