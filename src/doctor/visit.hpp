// One mailbox under examination, and what is known of it so far.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "config/config.hpp"
#include "doctor/finding.hpp"
#include "doctor/reach.hpp"
#include "mailbox/endpoint.hpp"
#include "mailbox/greeting.hpp"
#include "mailbox/mailbox.hpp"

namespace nixie {

/// Whether a check may write to the mailbox.
enum class Writing { no, scratch_folders };

struct Visit {
    const MailboxConfig& config;
    const Clock& clock;
    Writing writing = Writing::no;

    Endpoint endpoint; ///< without a secret
    std::vector<Address> addresses;
    Greeting greeting;
    std::unique_ptr<Mailbox> mailbox; ///< open from the login on
    MailboxInfo info;
    std::optional<FilingTrial> trial;
};

struct Check {
    /// A problem of a link means that nothing after it can be tried.
    enum class Role { link, leaf };

    const char* subject;
    Role role;
    Findings (*run)(Visit& visit);
};

/// From the host's name to the login.
std::span<const Check> server_checks();
/// What the account can do; for each protocol its own.
std::span<const Check> account_checks(Protocol protocol);

} // namespace nixie
