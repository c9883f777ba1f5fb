#include "cli/exit_code.hpp"

#include <sysexits.h>

#include <cstdio>

#include <fmt/format.h>

#include "base/text.hpp"
#include "log/secrets.hpp"

namespace nixie {

int exit_code(ErrorCode code) {
    switch (code) {
        case ErrorCode::usage:
            return EX_USAGE;
        case ErrorCode::config:
            return EX_CONFIG;
        case ErrorCode::input:
            return EX_NOINPUT;
        case ErrorCode::output:
        case ErrorCode::database:
            return EX_IOERR;
        case ErrorCode::unavailable:
        case ErrorCode::refused:
        case ErrorCode::no_room:
            return EX_UNAVAILABLE;
        case ErrorCode::protocol:
            return EX_PROTOCOL;
        case ErrorCode::refused_login:
        case ErrorCode::forbidden:
            return EX_NOPERM;
        case ErrorCode::busy:
        case ErrorCode::interrupted:
            return EX_TEMPFAIL;
    }
    return EX_SOFTWARE;
}

int fail(const Error& error) {
    fmt::print(stderr, "nixie: {}\n", printable(redacted(error.text())));
    return exit_code(error.code);
}

int fail_about(const std::string& mailbox, std::vector<Error> failures, const std::optional<Error>& failure) {
    int code = EX_OK;
    if (failure) failures.push_back(*failure);
    for (auto& error : failures) {
        error.where = error.where.empty() ? "mailbox " + mailbox : "mailbox " + mailbox + " (" + error.where + ")";
        code = fail(error);
    }
    return code;
}

} // namespace nixie
