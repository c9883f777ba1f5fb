// The report as one page of HTML that needs nothing else: no script, no font, no picture from anywhere.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "nixie/sender.hpp"
#include "nixie/time.hpp"
#include "store/summary.hpp"

namespace nixie {

/// A bounced address that looks like a slip in a large provider's.
struct TypoHint {
    std::string address, suggestion;
};

/// What the report says beyond the journal's figures.
struct ReportContext {
    std::vector<std::string> mailboxes; ///< configured names
    std::vector<TypoHint> typos;
    std::int64_t due = 0; ///< recipients whose next try is due
    SenderPolicy sender;  ///< its marks of bounce rates
    Time made{};
};

std::string report_page(const Summary& summary, const ReportContext& context);

} // namespace nixie
