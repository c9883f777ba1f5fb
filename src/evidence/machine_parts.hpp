// The machine-readable parts of a report: what their fields say.
#pragma once

#include <string>

#include "evidence/delivery_status.hpp"
#include "evidence/layout.hpp"
#include "evidence/prose.hpp"
#include "nixie/report.hpp"

namespace nixie {

/// RFC 3464: from its own part or, where that is missing, from fields pasted into the prose.
DeliveryStatus read_delivery_statuses(const Message& message, const Layout& layout, const Prose& prose);

/// RFC 5965.
struct Feedback {
    std::string type; ///< lower case; "abuse" where the report does not say
    std::string reporting_mta;
    std::vector<Evidence> recipients;
};
Feedback read_feedback(const Message& message, const Layout& layout);

/// RFC 8098: who read (or deleted) the message; the Disposition is the diagnostic.
std::vector<Evidence> read_disposition(const Message& message, const Layout& layout);

} // namespace nixie
