// Complaints: RFC 5965's part, its fields pasted into the text, and the returned message where they leave the recipient out.
#pragma once

#include "evidence/layout.hpp"
#include "evidence/prose.hpp"
#include "nixie/report.hpp"

namespace nixie {

/// Completes a complaint: feedback_type (empty where nothing states one), reporting_mta, and recipients, which most providers
/// hide: from Original-Rcpt-To and its kin, else what the returned message names, else a variable envelope return path.
void read_complaint(const Message& message, const Layout& layout, const Prose& prose, Report& report);

} // namespace nixie
