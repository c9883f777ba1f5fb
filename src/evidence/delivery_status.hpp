// message/delivery-status (RFC 3464) and its kin, as evidence.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "nixie/report.hpp"

namespace nixie {

/// The most recipients that are read from one report.
constexpr std::size_t most_recipients = 10'000;
/// The most bytes of a diagnostic that are kept.
constexpr std::size_t longest_diagnostic = 2'000;
/// The most bytes of any other fact.
constexpr std::size_t longest_fact = 500;

/// A Fact from text of any kind: one line, valid UTF-8, clipped.
Fact make_fact(std::string_view text, Source source, Place place, std::size_t longest = longest_fact);

struct DeliveryStatus {
    std::string reporting_mta;
    std::string envelope_id; ///< that the sender gave the original
    /// A group that names no readable recipient but says something else has an empty address.
    std::vector<Evidence> recipients;
    bool capped = false; ///< more than most_recipients
};

/// Reads `text`, which is that of Message::parts[part] from line `first_line` on.
DeliveryStatus read_delivery_status(std::string_view text, int part, int first_line = 1);

/// Fills status and smtp_code from the diagnostic where they are missing or say less than it.
void read_diagnostic(Evidence& evidence);

} // namespace nixie
