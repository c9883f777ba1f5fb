// Whether a mailbox lets nixie do what filing needs, found out by doing it in folders of its own.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// The folders of a trial, below the root of ours. What an earlier trial left there, when it was killed, goes too.
inline constexpr std::array<const char*, 2> trial_folders{"nixie-doctor", "nixie-doctor-2"};
inline constexpr const char* trial_message =
    "From: nixie doctor <nixie@localhost>\n"
    "Subject: a trial; nixie removes it at once\n"
    "Message-ID: <trial@nixie.localhost>\n"
    "\n"
    "This message shows that messages can be filed here.\n";

struct FilingTrial {
    struct Step {
        const char* what; ///< "create a folder"
        std::optional<Error> failed;
    };
    std::vector<Step> steps;      ///< up to the first that failed; "clear up" is always the last
    std::optional<Time> received; ///< by the server's clock
    std::optional<Time> sent;     ///< the same moment by ours
};

} // namespace nixie
