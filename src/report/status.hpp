// How the mailboxes fare, as a table, as JSON and as a verdict for a monitor.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/colour.hpp"
#include "store/status.hpp"

namespace nixie {

/// As Nagios and its kind count: the exit code of a check.
enum class Health { ok = 0, warning = 1, critical = 2 };

/// "ok", …
std::string_view name(Health health);

struct StatusQuestion {
    struct Mailbox {
        std::string name;
        Duration poll{};
    };
    std::vector<Mailbox> mailboxes; ///< as configured
    Duration stale{};               ///< longer without a whole pass is too long
    Time now{};
};

struct Assessment {
    Health health = Health::ok;
    std::vector<std::string> complaints; ///< the worst first
};

/// docs/running.md says what is critical and what a warning.
Assessment assess(const JournalStatus& status, const StatusQuestion& question);

/// The first line is for monitors: health and complaints.
std::string status_text(const JournalStatus& status, const StatusQuestion& question, Colours colours = Colours::off);
std::string status_json(const JournalStatus& status, const StatusQuestion& question);

} // namespace nixie
