// What kind of message it is, decided from structure, fields, prose and phrases, in that order.
#pragma once

#include <string>
#include <string_view>

#include "evidence/holding.hpp"
#include "evidence/layout.hpp"
#include "evidence/machine_parts.hpp"
#include "evidence/prose.hpp"

namespace nixie {

struct KindFinding {
    Kind kind = Kind::other;
    std::string ground;
    std::string feedback_type;
};

/// All that was found before the kind is decided.
struct Findings {
    const Message& message;
    const Layout& layout;
    const Holding& holding;
    const std::vector<Evidence>& fields; ///< recipients of RFC 3464 fields
    const ProseReading& reading;
    std::string_view reporting_mta; ///< of the RFC 3464 fields
    bool returned;                  ///< is the message that was reported on there, or its header?
};

KindFinding decide_kind(const Findings& findings);

/// Do its parts say that it is a delivery report?
bool claims_report(const Layout& layout);

} // namespace nixie
