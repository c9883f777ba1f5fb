// Whom a report is about and in which mailing, as far as only the sender can tell: how its return paths are made and what its
// headers are called.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nixie/report.hpp"
#include "nixie/result.hpp"

namespace nixie {

/// What a return path names; either may be empty.
struct ReturnPathFacts {
    std::string recipient; ///< addr-spec, its domain in lower case
    std::string campaign;
};

/// A return path with placeholders, "news-{campaign}-{local}={domain}@bounces.example.org". {local} and {domain} stand for the
/// recipient's, {campaign} for the mailing, {any} for what does not matter. All but {local} take as little as they can; the
/// last one does in the place of {local} where that is missing.
class ReturnPathShape {
  public:
    /// The error says what is wrong with it, and has no place.
    static Result<ReturnPathShape> parse(std::string_view text);

    /// Compared without case. Nothing if the address has another shape, or what stands for the recipient is no address.
    [[nodiscard]] std::optional<ReturnPathFacts> match(std::string_view address) const;

    friend bool operator==(const ReturnPathShape&, const ReturnPathShape&) = default;

  private:
    enum class Slot { local, domain, campaign, any };

    [[nodiscard]] std::size_t greedy() const;
    static std::optional<Slot> slot_named(std::string_view name);
    static std::string fault_of(const ReturnPathShape& shape);

    std::vector<std::string> literals_; ///< in lower case; one more than slots: around and between them
    std::vector<Slot> slots_;
};

/// Found by read_report() in the addresses that a report was sent to, and in its returned message.
struct Attribution {
    std::vector<ReturnPathShape> return_paths; ///< the first that matches counts
    std::vector<std::string> campaign_headers; ///< names of header fields; before those that are known anyway

    friend bool operator==(const Attribution&, const Attribution&) = default;
};

/// A report came back on a return path that names those: they are its mailing and, if it is about one recipient, that one, whatever
/// server further on it names instead.
void attribute(Report& report, const ReturnPathFacts& facts);

} // namespace nixie
