// Tells events to a person, a mail each.
#pragma once

#include "notify/smtp.hpp"
#include "notify/way.hpp"

namespace nixie {

struct MailOptions {
    SmtpServer server;
    std::string from, to;
};

class MailWay : public Way {
  public:
    explicit MailWay(MailOptions options) : options_(std::move(options)) {}
    Result<void> tell(const Telling& event, Time now, const StopAsked& stop) override;

  private:
    MailOptions options_;
};

/// The message as it is sent, with CR LF.
std::string event_mail(const MailOptions& options, const Telling& event, Time now);

} // namespace nixie
