#include "notify/shapes.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace nixie {
namespace {

using Json = nlohmann::ordered_json;

/// Mautic's own number, of its three reasons: unsubscribed, bounced, manual.
constexpr int mautic_unsubscribed = 1, mautic_bounced = 2;

Json parsed(const std::string& text) { return Json::parse(text, nullptr, false); }

std::string text_of(const Json& object, const char* key) {
    if (!object.is_object() || !object.contains(key) || !object[key].is_string()) return {};
    return object[key].get<std::string>();
}

std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

bool ends_an_address(const std::string& type) {
    return type == "suppressed" || type == "exhausted" || type == "complaint";
}

std::string why(const Json& event) {
    const std::string cause = text_of(event, "cause"), diagnostic = text_of(event, "diagnostic");
    return diagnostic.empty() ? cause : cause + ": " + diagnostic;
}

/// RFC 9562's form, in which listmonk names campaigns.
bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : std::string_view("0123456789abcdefABCDEF").find(text[i]) == std::string_view::npos)
            return false;
    }
    return true;
}

std::string escaped_url(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           std::string_view("-._~").find(c) != std::string_view::npos;
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

/// XML 1.0 knows no control characters but three.
std::string escaped_xml(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '&')
            out += "&amp;";
        else if (static_cast<unsigned char>(c) >= 0x20)
            out += c;
    }
    return out;
}

std::string xml_text(const char* name, std::string_view value) {
    return fmt::format("<{0} xsi:type=\"xsd:string\">{1}</{0}>", name, escaped_xml(value));
}

} // namespace

std::string webhook_id(const std::string& key) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    EVP_Digest(key.data(), key.size(), digest.data(), &length, EVP_sha256(), nullptr);
    std::string out = "evt_";
    for (unsigned int i = 0; i < length; ++i) out += fmt::format("{:02x}", digest[i]);
    return out;
}

std::optional<std::string> listmonk_body(const Telling& event) {
    if (event.type != "bounce" && event.type != "complaint") return std::nullopt;
    const Json facts = parsed(event.body);
    const std::string type = event.type == "complaint" ? "complaint" : text_of(facts, "type");
    if (text_of(facts, "address").empty()) return std::nullopt;
    Json out{{"email", text_of(facts, "address")}, {"source", "nixie"}};
    // It knows no blocked: the address is well, so that is soft there.
    out["type"] = type == "hard" || type == "complaint" ? type : "soft";
    if (is_uuid(text_of(facts, "campaign"))) out["campaign_uuid"] = text_of(facts, "campaign");
    out["meta"] = event.body; // a text that holds JSON
    return dumped(out);
}

std::optional<MauticWish> mautic_wish(const Telling& event) {
    if (!ends_an_address(event.type)) return std::nullopt;
    const Json facts = parsed(event.body);
    MauticWish out;
    out.address = text_of(facts, "address");
    if (out.address.empty()) return std::nullopt;
    out.search = "/contacts?search=" + escaped_url("email:" + out.address) + "&limit=30";
    out.body = dumped({{"channel", "email"},
                       {"reason", event.type == "complaint" ? mautic_unsubscribed : mautic_bounced},
                       {"comments", "nixie: " + why(facts)}});
    return out;
}

Result<std::vector<std::string>> mautic_contacts(const std::string& answer, const std::string& address) {
    const Json json = parsed(answer);
    if (!json.is_object() || !json.contains("contacts"))
        return Error{ErrorCode::protocol,
                     "the answer to a search for contacts is none of Mautic's",
                     {},
                     "`url` must end with /api"};
    std::vector<std::string> out;
    for (const auto& contact : json["contacts"]) { // an object by ids, or an empty array
        if (!contact.is_object() || !contact.contains("id") || !contact["id"].is_number_unsigned()) continue;
        const Json all = contact.value(Json::json_pointer("/fields/all"), Json::object());
        if (equals_ignoring_case(text_of(all, "email"), address)) out.push_back(dumped(contact["id"]));
    }
    return out;
}

std::optional<std::string> sympa_body(const Telling& event, const SympaLogin& login) {
    if (!ends_an_address(event.type)) return std::nullopt;
    const std::string address = text_of(parsed(event.body), "address");
    if (address.empty()) return std::nullopt;
    std::string out =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\""
        " xmlns:soapenc=\"http://schemas.xmlsoap.org/soap/encoding/\""
        " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
        " soap:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><soap:Body>"
        "<authenticateRemoteAppAndRun xmlns=\"urn:sympasoap\">";
    out += xml_text("appname", login.application) + xml_text("apppassword", login.password) +
           xml_text("vars", "USER_EMAIL=" + login.owner) + xml_text("service", "del");
    // del: list, address, and quiet, so that nobody is written to who is not reached anyway.
    out += "<parameters soapenc:arrayType=\"xsd:string[3]\" xsi:type=\"soapenc:Array\">" +
           xml_text("item", login.list) + xml_text("item", address) + xml_text("item", "1") + "</parameters>";
    return out + "</authenticateRemoteAppAndRun></soap:Body></soap:Envelope>";
}

} // namespace nixie
