// Tells events to a person, a mail each.
#pragma once

#include "notify/way.hpp"

namespace nixie {

struct MailOptions {
    std::string server = {}; ///< smtp:// or smtps://
    enum class Tls { required, none };
    Tls tls = Tls::required; ///< smtp://: by STARTTLS
    std::string from = {}, to = {};
    std::string user = {}, password = {};
    std::string ca_file = {};
    Duration timeout = std::chrono::seconds(30);
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
