// Finds messages that people moved from one folder of ours to another, and takes that for an answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mailbox/mailbox.hpp"
#include "nixie/result.hpp"
#include "store/store.hpp"
#include "worker/cycle.hpp"

namespace nixie {

/// What a search found.
struct MovesNoticed {
    std::size_t answers = 0;     ///< messages that now have a person's verdict, or the rules' again
    std::uint64_t bytes = 0;     ///< fetched
    std::size_t gone = 0;        ///< messages that lie in no folder of ours any more
    std::vector<Error> failures; ///< folders that could not be searched
};

/// Compares our folders with the journal: asks how all of them look, and lists only what is new in those that changed. What
/// lies there and is not known by its uid is known by its content; so is what lies there after UIDVALIDITY changed. Reads at
/// most a few thousand messages a time, and no more than CycleContext::budget; the next search goes on. Leaves the mailbox in the inbox.
Result<MovesNoticed> notice_moves(Mailbox& mailbox, Store& store, const CycleContext& context);

} // namespace nixie
