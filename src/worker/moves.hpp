// The moves of a pass: messages whose facts are recorded, on their way to their folders.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "mailbox/mailbox.hpp"
#include "nixie/result.hpp"
#include "store/store.hpp"
#include "worker/cycle.hpp"

namespace nixie {

class Moves {
  public:
    /// All must outlive it. What is moved and what is refused goes into `summary`, whose validity is that of the uids.
    Moves(Mailbox& mailbox, Store& store, const CycleContext& context, CycleSummary& summary)
        : mailbox_(mailbox), store_(store), context_(context), summary_(summary) {}

    /// `folder` is the whole name, as the journal has it.
    void add(const std::string& folder, const std::string& uid);
    /// That message goes to quarantine if its folder refuses it once more.
    void on_last_try(const std::string& uid) { last_tries_.insert(uid); }
    [[nodiscard]] std::size_t waiting() const { return waiting_; }

    /// A folder that refuses its messages does not stop the others; a broken connection does.
    Result<void> carry_out();

  private:
    using Uids = std::vector<std::string>;

    struct Refusal {
        Filing filing;
        Error error;
    };
    /// Moves that the server has confirmed and the journal does not know yet.
    struct Confirmed {
        Uids uids;
        std::vector<NewPlaces> places;
    };

    Result<void> file(std::vector<Filing> filings);
    Result<void> fill(const Filing& filing, Error error);
    Result<void> move(std::vector<Filing> filings, std::vector<Refusal>& refusals);
    Result<void> mark(std::vector<Filing>& filings);
    Result<void> note_filed(Confirmed& confirmed);
    Result<void> refused(const Filing& filing, Error error);

    Mailbox& mailbox_;
    Store& store_;
    const CycleContext& context_;
    CycleSummary& summary_;
    std::map<std::string, Uids> by_folder_;
    std::size_t waiting_ = 0; ///< uids in by_folder_
    std::unordered_set<std::string> last_tries_;
};

} // namespace nixie
