#include "notify/webhook.hpp"

#include <fmt/format.h>

#include "notify/shapes.hpp"
#include "notify/signature.hpp"
#include "transfer/transfer.hpp"

namespace nixie {
namespace {

/// Neither user nor query: tokens hide there.
std::string shown_url(const std::string& url) { return url.substr(0, url.find_first_of("?#")); }

Error refusal(long status, curl_off_t retry_after, const std::string& where) {
    Error error{ErrorCode::refused, fmt::format("HTTP status {}", status), where, {}};
    if (status == 410) {
        error.code = ErrorCode::forbidden;
        error.what += ": the receiver is gone for good";
    }
    if (status >= 300 && status < 400) error.what += ": a redirect, which is not followed";
    if ((status == 429 || status == 503) && retry_after > 0) error.wait = Duration{retry_after};
    return error;
}

} // namespace

Result<std::string> Webhook::exchange(const std::string& url, const std::string* body, std::vector<std::string> headers,
                                      const StopAsked& stop) const {
    const std::string where = shown_url(url);
    Transfer transfer(url, "http,https", options_.ca_file, options_.timeout);
    transfer.set(CURLOPT_USERAGENT, "nixie");
    headers.emplace_back("Expect:");
    transfer.add(headers, CURLOPT_HTTPHEADER);
    transfer.set(CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    if (options_.format != WebhookFormat::sympa) transfer.log_in(options_.user, options_.password);
    if (body) {
        transfer.set(CURLOPT_POST, 1L);
        transfer.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
        transfer.set(CURLOPT_POSTFIELDS, body->data());
    }
    if (auto ran = transfer.run(where, stop); !ran) return ran.error();
    const long status = transfer.number(CURLINFO_RESPONSE_CODE);
    if (status < 200 || status > 299) return refusal(status, transfer.large(CURLINFO_RETRY_AFTER), where);
    return transfer.answer();
}

Result<void> Webhook::tell_mautic(const Telling& event, const StopAsked& stop) const {
    const auto wish = mautic_wish(event);
    if (!wish) return {};
    const auto found = exchange(options_.url + wish->search, nullptr, {}, stop);
    if (!found) return found.error();
    const auto contacts = mautic_contacts(*found, wish->address);
    if (!contacts) return contacts.error();
    for (const auto& contact : *contacts) {
        const std::string url = fmt::format("{}/contacts/{}/dnc/email/add", options_.url, contact);
        if (auto told = exchange(url, &wish->body, {"Content-Type: application/json"}, stop); !told)
            return told.error();
    }
    return {};
}

Result<void> Webhook::tell(const Telling& event, Time now, const StopAsked& stop) {
    if (options_.format == WebhookFormat::mautic) return tell_mautic(event, stop);
    std::vector<std::string> headers;
    std::optional<std::string> body;
    if (options_.format == WebhookFormat::standard) {
        body = event.body;
        const std::string id = webhook_id(event.key);
        headers = {"Content-Type: application/json", "webhook-id: " + id,
                   fmt::format("webhook-timestamp: {}", now.time_since_epoch().count())};
        if (!options_.keys.empty())
            headers.push_back("webhook-signature: " + webhook_signature(options_.keys, id, now, *body));
    } else if (options_.format == WebhookFormat::listmonk) {
        body = listmonk_body(event);
        headers = {"Content-Type: application/json"};
    } else {
        body = sympa_body(event, {options_.user, options_.password, options_.list, options_.owner});
        headers = {"Content-Type: text/xml; charset=utf-8",
                   "SOAPAction: \"urn:sympasoap#authenticateRemoteAppAndRun\""};
    }
    if (!body) return {}; // of no use to this receiver
    const auto told = exchange(options_.url, &*body, headers, stop);
    if (!told) return told.error();
    return {};
}

} // namespace nixie
