// Events in the shapes that receivers of others document. Nothing where an event is of no use to a receiver.
#pragma once

#include <optional>
#include <vector>

#include "notify/way.hpp"

namespace nixie {

/// "evt_" and the SHA-256 of the event's key in hexadecimal: the key itself may hold what a header cannot, and full stops, by
/// which the signature's text is joined.
std::string webhook_id(const std::string& key);

/// POST /webhooks/bounce of https://listmonk.app/docs/bounces/: bounces and complaints.
std::optional<std::string> listmonk_body(const Telling& event);

/// https://devdocs.mautic.org, REST API, Contacts: GET /contacts, then POST /contacts/ID/dnc/email/add. Of suppressed,
/// exhausted and complaint.
struct MauticWish {
    std::string address;
    std::string search; ///< the request's path and query, below the API's URL
    std::string body;
};
std::optional<MauticWish> mautic_wish(const Telling& event);
/// Ids of the contacts in the answer that have exactly this address.
Result<std::vector<std::string>> mautic_contacts(const std::string& answer, const std::string& address);

/// https://www.sympa.community/manual/customize/soap-api.html: authenticateRemoteAppAndRun with the service del. Of
/// suppressed, exhausted and complaint.
struct SympaLogin {
    std::string application, password, list, owner;
};
std::optional<std::string> sympa_body(const Telling& event, const SympaLogin& login);

} // namespace nixie
