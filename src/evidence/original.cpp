#include "evidence/original.hpp"

#include <array>

#include "base/text.hpp"
#include "evidence/address.hpp"
#include "evidence/delivery_status.hpp"

namespace nixie {
namespace {

/// Headers that name a mailing, the most telling first. Values of List-ID and Feedback-ID are kept whole.
constexpr std::array<std::string_view, 15> campaign_headers{
    "X-Campaign-Id",         "X-CampaignID",        "X-Campaign",      "X-Mailer-Campaign",
    "X-Mailing-Id",          "X-MC-Campaign",       "X-MC-CampaignId", "X-SG-Campaign",
    "X-Mailgun-Campaign-Id", "X-Listmonk-Campaign", "X-Job",           "X-SES-Configuration-Set",
    "X-SES-Message-Tags",    "Feedback-ID",         "List-ID"};

/// The most bytes of an inline copy that are read as headers.
constexpr std::size_t most_header_bytes = 16 * 1024;

std::string one_line(std::string_view text) { return make_fact(text, Source::original, {}).text; }

std::string message_id(std::string_view value) {
    const auto open = value.find('<');
    if (open != std::string_view::npos) value = value.substr(open + 1, value.find('>', open) - open - 1);
    return one_line(value);
}

/// The copy with quote marks and common indentation taken away, from its first header field on.
std::string unquoted(std::string_view text) {
    text = text.substr(0, most_header_bytes);
    std::string out;
    std::string_view line;
    std::size_t indent = 0;
    while (next_line(text, line)) {
        while (!line.empty() && (line.front() == '>' || line.front() == '|'))
            line.remove_prefix(line.size() > 1 && line[1] == ' ' ? 2 : 1);
        if (out.empty()) {
            if (trim(line).empty() || trim(line).find(':') == std::string_view::npos) continue;
            indent = line.find_first_not_of(" \t");
        }
        const auto blank = line.substr(0, indent).find_first_not_of(" \t");
        line.remove_prefix(blank == std::string_view::npos ? std::min(indent, line.size()) : blank);
        if (line.empty()) break;
        out += line;
        out += '\n';
    }
    return out;
}

std::string campaign_in(const Headers& headers, const std::vector<std::string>& own_names) {
    std::string out;
    for (auto name = own_names.begin(); out.empty() && name != own_names.end(); ++name)
        out = one_line(headers.get(*name));
    for (auto name = campaign_headers.begin(); out.empty() && name != campaign_headers.end(); ++name)
        out = one_line(headers.get(*name));
    return out;
}

Original original_in(const Headers& headers, const Attribution& attribution) {
    Original out;
    out.message_id = message_id(headers.get("Message-ID"));
    out.subject = one_line(headers.get("Subject"));
    out.from = clean_address(headers.get("From"));
    out.to = clean_address(headers.get("To"));
    out.return_path = clean_address(headers.get("Return-Path"));
    out.campaign = campaign_in(headers, attribution.campaign_headers);
    return out;
}

Original original_in(std::string_view text, const Attribution& attribution) {
    const auto headers = unquoted(text);
    return headers.empty() ? Original{} : original_in(parse_message(headers).headers(), attribution);
}

/// Exchange up to 2007 and Exim's warnings return nothing and name the subject in the prose.
std::string subject_in_prose(const Prose& prose) {
    for (const auto& line : prose.lines)
        for (const std::string_view lead : {"Subject:", "The subject of the message is:"})
            if (const auto text = trim(line.text); starts_with_ignoring_case(text, lead))
                return one_line(text.substr(lead.size()));
    return {};
}

} // namespace

Original read_original(const Message& message, const Layout& layout, const Prose& prose, std::string_view text,
                       const Attribution& attribution) {
    const auto part = [&](int index) -> const Part& { return message.parts[static_cast<std::size_t>(index)]; };
    if (layout.returned >= 0) return original_in(part(layout.returned).headers, attribution);
    if (layout.returned_text >= 0) return original_in(part(layout.returned_text).text, attribution);
    Original out = original_in(text, attribution);
    if (out.subject.empty()) out.subject = subject_in_prose(prose);
    return out;
}

} // namespace nixie
