// What signed return paths say of a message that was judged.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "config/config.hpp"
#include "nixie/attribution.hpp"
#include "nixie/judge.hpp"
#include "verp/return_path.hpp"

namespace nixie {

/// The keys that the configuration names.
Result<std::vector<ReturnPathKey>> read_configured_ring(const VerpConfig& config);

/// Immutable and thread-safe. The clock must outlive it.
class ReturnPathGuard {
  public:
    /// Reads the key ring.
    static Result<ReturnPathGuard> make(const VerpConfig& config, const Clock& clock);

    /// A report that came back on a return path of ours learns its mailing from it; if it is about one recipient, that is whom the
    /// return path names, whatever server further on the report names instead. Where a token is required, a report without a
    /// valid one becomes suspicious. Other kinds of messages stay as they are.
    void apply(std::string_view bytes, Judgement& judgement) const;
    /// What a valid token in the message says; nothing without one.
    [[nodiscard]] std::optional<ReturnPathClaim> proven(std::string_view bytes) const;

  private:
    ReturnPathGuard(VerpConfig config, std::vector<ReturnPathKey> keys, const Clock& clock)
        : config_(std::move(config)), keys_(std::move(keys)), clock_(&clock) {}

    VerpConfig config_;
    std::vector<ReturnPathKey> keys_;
    const Clock* clock_;
};

} // namespace nixie
