// What the journal has counted since it began, and how it stands: the figures behind `nixie metrics`.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nixie/result.hpp"
#include "store/status.hpp"

namespace nixie {

/// Upper bounds of the classes in which the time from arrival to filing is counted, in seconds; beyond the last one there is
/// one more class.
inline constexpr std::array<std::int64_t, 9> latency_bounds{5, 15, 60, 300, 900, 3600, 14400, 86400, 604800};

/// "unavailable", "refused-login", …: what an Error counts as.
std::string_view cause_name(ErrorCode code);
/// All of those, in the order of ErrorCode.
std::vector<std::string_view> cause_names();

/// A row of the table `counters`.
struct Counter {
    std::string metric; ///< messages, bounces, errors, latency or latency-sum
    std::string mailbox;
    std::string label; ///< a kind; type/category; a cause; an upper bound, or "inf"; nothing
    std::int64_t value = 0;
};

struct Figures {
    std::vector<Counter> counters; ///< those that are not 0
    JournalStatus status;
    std::int64_t bytes = 0; ///< of the journal's file and its write-ahead log
};

} // namespace nixie
