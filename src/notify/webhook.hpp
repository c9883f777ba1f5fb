// Tells events over HTTP, signed or in the shape that a receiver knows.
#pragma once

#include <vector>

#include "notify/way.hpp"

namespace nixie {

enum class WebhookFormat {
    standard, ///< the event as it is, signed
    listmonk, ///< its bounce webhook
    mautic,   ///< its REST API: "do not contact"
    sympa,    ///< its SOAP API: the subscriber is deleted
};

struct WebhookOptions {
    std::string url = {};
    WebhookFormat format = WebhookFormat::standard;
    std::vector<std::string> keys = {};   ///< of signatures; several while a secret is changed; none: not signed
    std::string user = {}, password = {}; ///< HTTP's basic authentication; of sympa, the trusted application
    std::string list = {}, owner = {};    ///< sympa: the list, and in whose name its subscribers are deleted
    std::string ca_file = {};
    Duration timeout = std::chrono::seconds(30);
};

class Webhook : public Way {
  public:
    explicit Webhook(WebhookOptions options) : options_(std::move(options)) {}
    Result<void> tell(const Telling& event, Time now, const StopAsked& stop) override;

  private:
    Result<std::string> exchange(const std::string& url, const std::string* body, std::vector<std::string> headers,
                                 const StopAsked& stop) const;
    Result<void> tell_mautic(const Telling& event, const StopAsked& stop) const;

    WebhookOptions options_;
};

} // namespace nixie
