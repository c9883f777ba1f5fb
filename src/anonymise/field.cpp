#include "anonymise/field.hpp"

#include <mimetic/codec/base64.h>
#include <re2/re2.h>

#include <array>
#include <iterator>

#include "base/text.hpp"
#include "mail/charset.hpp"
#include "mail/encoded_words.hpp"
#include "mail/parameters.hpp"

namespace nixie {
namespace {

constexpr std::string_view blanked = "[removed]";

template <std::size_t Count>
bool is_any(std::string_view name, const std::array<std::string_view, Count>& names) {
    for (const auto known : names)
        if (equals_ignoring_case(name, known)) return true;
    return false;
}

bool holds_addresses(std::string_view name) {
    constexpr std::array<std::string_view, 22> names{"from",
                                                     "to",
                                                     "cc",
                                                     "bcc",
                                                     "reply-to",
                                                     "sender",
                                                     "return-path",
                                                     "resent-from",
                                                     "resent-to",
                                                     "resent-cc",
                                                     "resent-sender",
                                                     "delivered-to",
                                                     "envelope-to",
                                                     "x-original-to",
                                                     "x-failed-recipients",
                                                     "errors-to",
                                                     "apparently-to",
                                                     "disposition-notification-to",
                                                     "return-receipt-to",
                                                     "x-envelope-from",
                                                     "x-envelope-to",
                                                     "x-display-name"};
    return is_any(name, names);
}

bool holds_message_ids(std::string_view name) {
    constexpr std::array<std::string_view, 6> names{"message-id",        "in-reply-to",         "references",
                                                    "resent-message-id", "original-message-id", "content-id"};
    return is_any(name, names);
}

/// Signatures and fingerprints: private or not, they fit the message no more.
bool is_sealed(std::string_view name) {
    for (const std::string_view prefix : {"dkim-",
                                          "arc-",
                                          "domainkey-",
                                          "x-google-",
                                          "x-gm-",
                                          "x-microsoft-",
                                          "x-forefront-",
                                          "x-ms-exchange-crosstenant-",
                                          "x-ms-exchange-antispam",
                                          "x-ms-exchange-transport",
                                          "x-exchange-antispam",
                                          "x-ms-office365",
                                          "x-ms-traffictype",
                                          "thread-",
                                          "x-face",
                                          "face",
                                          "autocrypt",
                                          "openpgp",
                                          "x-sg-eid",
                                          "x-ses-",
                                          "x-ymail-",
                                          "x-yahoo-newman"})
        if (starts_with_ignoring_case(name, prefix)) return true;
    return false;
}

/// Of a returned message, the fields that are kept.
bool is_kept_of_returned(std::string_view name) {
    constexpr std::array<std::string_view, 16> names{"date",
                                                     "received",
                                                     "x-received",
                                                     "mime-version",
                                                     "content-type",
                                                     "content-transfer-encoding",
                                                     "content-disposition",
                                                     "auto-submitted",
                                                     "precedence",
                                                     "list-id",
                                                     "feedback-id",
                                                     "x-campaign-id",
                                                     "x-campaignid",
                                                     "x-mailer",
                                                     "user-agent",
                                                     "importance"};
    return is_any(name, names);
}

bool holds_id(std::string_view name) {
    const std::string lower = to_lower(name);
    for (const std::string_view part :
         {"queue-id", "envelope-id", "log-id", "transaction", "-uid", "guid", "feedback-id"})
        if (lower.find(part) != std::string::npos) return true;
    return false;
}

std::string encoded_words(std::string_view text, std::string_view eol) {
    constexpr std::size_t longest_piece = 42;
    std::string out;
    while (!text.empty()) {
        const std::string_view piece = clip(text, longest_piece);
        mimetic::Base64::Encoder encoder(0);
        std::string encoded;
        encoder.process(piece.begin(), piece.end(), std::back_inserter(encoded));
        out += (out.empty() ? "" : std::string(eol) + " ") + "=?UTF-8?B?" + encoded + "?=";
        text.remove_prefix(piece.size());
    }
    return out;
}

/// Received: a greeting without a dot ("from WORKSTATION"), and "id X".
std::string received(std::string_view value, Scrubber& scrubber) {
    static const RE2 greeting(R"((?i)((?:^|\s)(?:from|by|helo=?|ehlo=?)\s*)([A-Za-z0-9_-]+)(\s|$|\)))");
    static const RE2 id(R"((?i)((?:^|\s)id\s+)<?([^\s;<>()@]+))");
    std::string out;
    re2::StringPiece rest(value.data(), value.size());
    const char* copied = value.data();
    re2::StringPiece lead, name, end;
    while (RE2::FindAndConsume(&rest, greeting, &lead, &name, &end)) {
        out.append(copied, static_cast<std::size_t>(name.data() - copied));
        const std::string_view host(name.data(), name.size());
        out += equals_ignoring_case(host, "unknown") ? std::string(host) : scrubber.host(host);
        copied = name.data() + name.size();
    }
    out.append(copied, static_cast<std::size_t>(value.data() + value.size() - copied));
    std::string ids;
    rest = out;
    copied = out.data();
    while (RE2::FindAndConsume(&rest, id, &lead, &name)) {
        ids.append(copied, static_cast<std::size_t>(name.data() - copied));
        ids += scrubber.id({name.data(), name.size()});
        copied = name.data() + name.size();
    }
    ids.append(copied, static_cast<std::size_t>(out.data() + out.size() - copied));
    return scrubber.text(ids);
}

/// "dns; HOST": also a name without a dot.
std::string mta_name(std::string_view value, Scrubber& scrubber) {
    static const RE2 pattern(R"((?is)^(\s*[\w-]+\s*;\s*)([A-Za-z0-9_-]+)(\s*)$)");
    std::string lead, host, end;
    if (!RE2::FullMatch({value.data(), value.size()}, pattern, &lead, &host, &end)) return scrubber.text(value);
    return lead + scrubber.host(host) + end;
}

std::string replaced(std::string text, std::string_view old, std::string_view fresh) {
    const auto at = old.empty() ? std::string::npos : text.find(old);
    return at == std::string::npos ? std::string() : text.replace(at, old.size(), fresh);
}

/// Content-Type and Content-Disposition. As they stand if that is possible, else put together anew.
std::string content_field(std::string_view value, const NewBody& body, Scrubber& scrubber) {
    Defects ignored;
    const ParameterList parameters(guess_utf8(unfold_and_decode(value)), ignored);
    std::string out(value);
    bool anew = false;
    const auto put = [&](std::string_view old, const std::string& fresh) {
        if (old.empty() || old == fresh) return;
        std::string changed = replaced(out, old, fresh);
        anew = anew || changed.empty();
        if (!changed.empty()) out = std::move(changed);
    };
    std::string made = parameters.value().empty() ? "text/plain" : parameters.value();
    const auto add = [&](std::string_view name, std::string_view text) {
        if (!text.empty()) made += "; " + std::string(name) + "=\"" + std::string(text) + "\"";
    };
    const std::string charset = body.as_utf8 ? "utf-8" : std::string(parameters.get("charset"));
    if (body.as_utf8) put(parameters.get("charset"), charset);
    if (!body.boundary.empty()) put(body.old_boundary, body.boundary);
    add("report-type", parameters.get("report-type"));
    add("charset", charset);
    add("boundary", body.boundary);
    for (const std::string_view name : {"name", "filename"}) {
        const std::string_view old = parameters.get(name);
        if (old.empty()) continue;
        const std::string fresh = scrubber.names().file_name(old);
        put(old, fresh);
        add(name, fresh);
    }
    return anew || out.find("*=") != std::string::npos ? " " + made : out;
}

std::string plain_value(const FieldText& field, std::string_view value, Header header, Scrubber& scrubber) {
    const std::string_view name = field.name;
    if (is_sealed(name)) return " " + std::string(blanked);
    if (equals_ignoring_case(name, "subject"))
        return header == Header::returned ? scrubber.subject(value) : scrubber.text(value);
    if (holds_addresses(name)) return scrubber.addresses(value);
    if (holds_message_ids(name)) return scrubber.message_ids(value);
    if (equals_ignoring_case(name, "date") || starts_with_ignoring_case(name, "content-t")) return std::string(value);
    if (equals_ignoring_case(name, "received") || equals_ignoring_case(name, "x-received"))
        return received(value, scrubber);
    if (to_lower(name).ends_with("-mta")) return mta_name(value, scrubber);
    if (equals_ignoring_case(name, "organization") || equals_ignoring_case(name, "comments"))
        return " " + std::string(blanked);
    if (header == Header::returned && !is_kept_of_returned(name)) return " " + std::string(blanked);
    if (holds_id(name)) return " " + scrubber.id(trim(value));
    return scrubber.text(value);
}

} // namespace

std::string unfold_and_decode(std::string_view value) {
    Defects ignored;
    std::string line;
    for (const char c : value)
        if (c != '\r' && c != '\n') line += c;
    return decode_words(is_ascii(line) ? line : guess_utf8(line), ignored);
}

std::string rewrite_field(const FieldText& field, Header header, const NewBody& body, Scrubber& scrubber) {
    // A line of text may begin as a field does: "<user@host>: …".
    if (field.name.find_first_of("@<>[].\"'()") != std::string_view::npos) return scrubber.text(field.raw);
    const auto colon = std::min(field.raw.find(':'), field.raw.size() - 1);
    const std::string_view lead = field.raw.substr(0, colon + 1);
    std::string_view value = field.raw.substr(colon + 1);
    std::string out(lead);
    if (equals_ignoring_case(field.name, "content-type") || equals_ignoring_case(field.name, "content-disposition"))
        return out + content_field(value, body, scrubber);
    if (equals_ignoring_case(field.name, "content-transfer-encoding") && body.as_8bit) return out + " 8bit";
    const bool encoded = value.find("=?") != std::string_view::npos;
    const bool foreign = !is_ascii(value) && to_valid_utf8(value) != value;
    if (!encoded && !foreign) return out + plain_value(field, value, header, scrubber);
    const std::string fresh = plain_value(field, unfold_and_decode(value), header, scrubber);
    if (!encoded || is_ascii(fresh)) return out + fresh;
    return out + " " + encoded_words(trim(fresh), field.eol);
}

} // namespace nixie
