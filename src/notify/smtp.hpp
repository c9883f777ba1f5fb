// Hands a message to a mail server.
#pragma once

#include <optional>
#include <string>

#include "notify/way.hpp"

namespace nixie {

struct SmtpServer {
    std::string url = {}; ///< smtp:// or smtps://
    enum class Tls { required, none };
    Tls tls = Tls::required; ///< smtp://: by STARTTLS
    std::string user = {}, password = {};
    std::string ca_file = {};
    Duration timeout = std::chrono::seconds(30);
};

struct Envelope {
    std::string from, to;
};

/// What became of a message that was handed over.
enum class Fate {
    taken,
    refused,   ///< for good: the server does not want this message, or that recipient
    not_taken, ///< for now, or the server was not reached; it has nothing
    unknown,   ///< all of it was sent and no answer came
};

struct Submission {
    Fate fate = Fate::taken;
    std::optional<Error> error; ///< unless taken
};

/// `message` with CR LF. One recipient, so that the answer is about that one.
Submission submit(const SmtpServer& server, const Envelope& envelope, std::string message, const StopAsked& stop);

/// RFC 5322, 3.3; the locale has no say.
std::string mail_date(Time at);

} // namespace nixie
