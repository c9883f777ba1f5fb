// The codes of sysexits.h for what can go wrong.
#pragma once

#include <array>
#include <string_view>

#include <optional>
#include <string>
#include <vector>

#include "nixie/result.hpp"

namespace nixie {

struct ExitCodeRow {
    int code;
    std::string_view meaning;
};

/// What --help and the manual say of them; the README's table says the same.
inline constexpr std::array<ExitCodeRow, 12> exit_codes{{
    {0, "done"},
    {64, "wrong arguments"},
    {65, "wrong data: a mistake in rules, formats or examples"},
    {66, "no such file, or no journal yet"},
    {67, "nothing is recorded about that address"},
    {69, "server not reached, or it refused a request"},
    {70, "a mistake in nixie itself"},
    {74, "the journal, a file or a folder cannot be read or written"},
    {75, "another nixie is at work on this journal, or a mailbox was left alone until its time"},
    {76, "the server broke its protocol"},
    {77, "login refused"},
    {78, "the configuration is wrong"},
}};

int exit_code(ErrorCode code);

/// Prints "nixie: <error>" on standard error and answers its exit code.
int fail(const Error& error);

/// The same for all that went wrong with one mailbox, `failure` last; EX_OK if nothing did, else the last one's code.
int fail_about(const std::string& mailbox, std::vector<Error> failures, const std::optional<Error>& failure);

} // namespace nixie
