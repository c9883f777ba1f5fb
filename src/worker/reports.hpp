// The figures of a span of time, gathered for a report.
#pragma once

#include <string>

#include "config/config.hpp"
#include "nixie/result.hpp"
#include "report/summary.hpp"
#include "store/store.hpp"

namespace nixie {

struct ReportQuestion {
    Time since{}, until{};
    std::size_t most = 15; ///< rows of each table
    std::string mailbox;   ///< only what came there; empty: all
};

struct SpanReport {
    Summary summary;
    ReportContext context;
};

Result<SpanReport> make_report(Store& store, const Config& config, const ReportQuestion& question, Time now);

} // namespace nixie
