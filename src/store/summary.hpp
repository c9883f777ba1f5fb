// What a span of time brought, counted: the figures behind `nixie report`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nixie/decision.hpp"
#include "nixie/taxonomy.hpp"
#include "nixie/time.hpp"
#include "store/records.hpp"

namespace nixie {

/// Bounced recipients, by type.
struct TypeCounts {
    std::int64_t hard = 0, soft = 0, blocked = 0;
    [[nodiscard]] std::int64_t total() const { return hard + soft + blocked; }
};

/// One name of a group (a domain, a day, a reason, …).
struct GroupCount {
    std::string name;
    TypeCounts bounces;      ///< in the span
    std::int64_t before = 0; ///< in the span of the same length before it
    std::int64_t sent = 0;   ///< in the span, as far as told; of domains, and of providers those of their domains
};

/// An address that should no longer be mailed.
struct RemovalAdvice {
    std::string address;
    State state = State::suppressed; ///< suppressed or exhausted
    Time since{};                    ///< arrival of its newest report
    std::string cause;               ///< of the decision
    Reason reason = Reason::undefined;
    std::int64_t bounces = 0; ///< ever
};

struct SpanTotals {
    std::int64_t messages = 0; ///< read, of any kind; copies of one message count once
    TypeCounts bounces;
    std::int64_t recipients = 0; ///< different addresses that bounced
    std::int64_t complaints = 0;
    std::int64_t sent = 0; ///< as far as told; 0 where one mailbox was asked for
};

/// All of reports that arrived in [since, until).
struct Summary {
    Time since{}, until{};
    SpanTotals now, before; ///< before: in the span of the same length before it
    /// Most frequent first, and at most as many as were asked for; but days in their order, and all of them.
    std::vector<GroupCount> days, categories, reasons, providers, domains, hosts, mailings, kinds;
    std::vector<GroupCount> changed_reasons; ///< those that rose or fell, by the most first
    /// Of mailings that began in the span, whole; newest first. None where one mailbox was asked for.
    std::vector<Rate> mailing_rates;
    std::vector<RemovalAdvice> removals; ///< newest first, at most as many as were asked for
    std::int64_t all_removals = 0;
};

} // namespace nixie
