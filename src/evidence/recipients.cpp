#include "evidence/recipients.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"
#include "evidence/address.hpp"
#include "evidence/smtp_command.hpp"
#include "evidence/smtp_reply.hpp"
#include "evidence/verp_shapes.hpp"

namespace nixie {
namespace {

constexpr std::array<std::string_view, 4> delivery_headers{"Delivered-To", "X-Original-To", "Envelope-To", "To"};

/// The order in which one recipient's contradicting actions count. Below `weight_of_delay` all went well.
constexpr int weight_of_delay = 3;
int weight(const Fact& action) {
    constexpr std::array<std::string_view, 5> order{"expanded", "relayed", "delivered", "delayed", "failed"};
    const auto at = std::find(order.begin(), order.end(), action.text);
    return at == order.end() ? -1 : static_cast<int>(at - order.begin());
}

void complete(Fact& fact, const Fact& other) {
    if (fact.empty()) fact = other;
}

/// The same recipient reported twice in fields, as by Exchange after its own retry.
void join(Evidence& known, const Evidence& more) {
    if (weight(more.action) > weight(known.action)) known.action = more.action;
    if (is_generic(known.status.text) && !is_generic(more.status.text)) known.status = more.status;
    complete(known.smtp_code, more.smtp_code);
    complete(known.diagnostic, more.diagnostic);
    complete(known.remote_mta, more.remote_mta);
    complete(known.command, more.command);
    complete(known.original_address, more.original_address);
}

/// What the prose says of a recipient of the fields. A generic status yields to a telling diagnostic.
void complete_from_prose(Evidence& known, const Evidence& prose) {
    const bool mute = known.diagnostic.empty();
    const bool vague = is_generic(known.status.text) && find_reply(known.diagnostic.text).status.empty();
    if (mute || (vague && !find_reply(prose.diagnostic.text).status.empty()))
        if (!prose.diagnostic.empty()) known.diagnostic = prose.diagnostic;
    if (is_generic(known.status.text) && !prose.status.empty() &&
        (known.status.empty() || !is_generic(prose.status.text)))
        known.status = prose.status;
    complete(known.smtp_code, prose.smtp_code);
    complete(known.remote_mta, prose.remote_mta);
    complete(known.command, prose.command);
    if (!equals_ignoring_case(prose.original_address.text, known.address.text))
        complete(known.original_address, prose.original_address);
    read_diagnostic(known);
}

/// The first paragraph with an SMTP reply; where there is none, all the text.
Fact explanation(const Prose& prose) {
    std::string paragraph;
    std::string all;
    Place begin;
    for (const auto& line : prose.lines) {
        const auto text = trim(line.text);
        if (paragraph.empty()) begin = line.place;
        if (!text.empty()) paragraph += (paragraph.empty() ? "" : " ") + std::string(text);
        if (!text.empty() && paragraph.size() < longest_diagnostic) continue;
        const auto reply = find_reply(paragraph);
        if (!reply.code.empty() || !reply.status.empty())
            return make_fact(paragraph, Source::smtp_reply, begin, longest_diagnostic);
        if (all.size() < longest_diagnostic) all += " " + paragraph;
        paragraph.clear();
    }
    const Place first = prose.lines.empty() ? Place{} : prose.lines.front().place;
    return make_fact(all, Source::smtp_reply, first, longest_diagnostic);
}

/// All lines of the reply that `text` is the first line of, where the prose has more of it: Sendmail's fields hold but one
/// line. Empty if it has not.
std::string whole_reply_of(std::string_view text, const Prose& prose) {
    if (text.size() < 5 || text[3] != '-' || text.find_first_not_of("0123456789") != 3) return {};
    const auto code = text.substr(0, 3);
    if (text.find(code, 4) != std::string_view::npos) return {};
    std::string out;
    for (const auto& line : prose.lines) {
        auto said = trim(line.text);
        while (!said.empty() && (said.front() == '<' || said.front() == ' ')) said.remove_prefix(1);
        if (out.empty() ? said != text : !said.starts_with(code)) {
            if (!out.empty()) break;
            continue;
        }
        out += (out.empty() ? "" : " ") + std::string(said);
        if (out.size() > longest_diagnostic || (said.size() > 3 && said[3] == ' ')) break;
    }
    return out.size() > text.size() ? out : std::string();
}

/// Is `address` in the domain that `host_address` is in, or in one above it?
bool is_in_domain_of(std::string_view host_address, std::string_view address) {
    const auto host_at = host_address.rfind('@');
    const auto at = address.rfind('@');
    if (host_at == std::string_view::npos || at == std::string_view::npos) return false;
    const auto host = host_address.substr(host_at + 1);
    const auto domain = address.substr(at + 1);
    if (!host.ends_with(domain)) return false;
    return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

std::string key(const Evidence& evidence) { return to_lower(evidence.address.text); }

} // namespace

std::vector<Evidence> merge_recipients(std::vector<Evidence> fields, std::vector<Evidence> prose) {
    std::unordered_map<std::string, std::size_t> in_prose;
    for (std::size_t i = 0; i < prose.size(); ++i) {
        in_prose.try_emplace(key(prose[i]), i);
        // Fields may give the local part alone.
        in_prose.try_emplace(key(prose[i]).substr(0, key(prose[i]).find('@')), i);
    }
    const bool one_each = fields.size() == 1 && prose.size() == 1 && prose.front().address.source != Source::smtp_reply;

    std::vector<Evidence> out;
    std::unordered_map<std::string, std::size_t> known;
    for (auto& field : fields) {
        auto found = in_prose.find(key(field));
        if (found == in_prose.end() && !field.original_address.empty())
            found = in_prose.find(to_lower(field.original_address.text));
        const Evidence* said = found != in_prose.end() ? &prose[found->second] : one_each ? &prose.front() : nullptr;
        if (said != nullptr) {
            if (field.address.text.find('@') == std::string::npos) field.address = said->address;
            complete_from_prose(field, *said);
        }
        if (field.address.empty()) continue;
        const auto [it, is_new] = known.try_emplace(key(field), out.size());
        if (is_new)
            out.push_back(std::move(field));
        else
            join(out[it->second], field);
    }
    return out.empty() ? std::move(prose) : std::move(out);
}

std::vector<Evidence> sift_recipients(std::vector<Evidence> loose, const Headers& headers) {
    const auto listed = addresses_in(headers.get("X-Failed-Recipients"));
    const std::unordered_set<std::string> failed(listed.begin(), listed.end());
    const std::array<std::string, 4> own{clean_address(headers.get("From")), clean_address(headers.get("To")),
                                         clean_address(headers.get("Sender")),
                                         clean_address(headers.get("Return-Path"))};
    const std::string list = list_of(own.front());
    const auto is_out = [&](const Evidence& e) {
        if (!failed.empty()) return failed.count(e.address.text) == 0;
        if (!list.empty() && list_of(e.address.text) == list) return true;
        return is_reporter(e.address.text) || std::find(own.begin(), own.end(), e.address.text) != own.end();
    };
    loose.erase(std::remove_if(loose.begin(), loose.end(), is_out), loose.end());
    // Of addresses here and elsewhere, those of the reporting host's own people are there to help.
    const auto is_helper = [&](const Evidence& e) { return is_in_domain_of(own.front(), e.address.text); };
    if (!std::all_of(loose.begin(), loose.end(), is_helper))
        loose.erase(std::remove_if(loose.begin(), loose.end(), is_helper), loose.end());
    return loose;
}

bool are_its_own(const std::vector<Evidence>& recipients, const Headers& headers) {
    const std::string sender = clean_address(headers.get("From"));
    return std::all_of(recipients.begin(), recipients.end(),
                       [&](const Evidence& e) { return is_in_domain_of(sender, e.address.text); });
}

ReturnPathFacts facts_of_return_path(const Headers& headers, const Original& original, const Attribution& attribution) {
    if (attribution.return_paths.empty()) return {};
    for (const auto name : delivery_headers)
        if (auto facts = read_return_path(clean_address(headers.get(name)), attribution.return_paths)) return *facts;
    return read_return_path(original.return_path, attribution.return_paths).value_or(ReturnPathFacts{});
}

std::vector<Evidence> guess_recipients(const Headers& headers, const Original& original, const ReturnPathFacts& own) {
    std::vector<Evidence> out;
    const auto add = [&](std::string address, Source source) {
        if (address.empty() || out.size() >= most_recipients) return;
        Evidence evidence;
        evidence.address = {std::move(address), source, {0, 0}};
        out.push_back(std::move(evidence));
    };
    add(own.recipient, Source::verp);
    if (out.empty())
        for (auto& address : addresses_in(headers.get("X-Failed-Recipients"))) add(std::move(address), Source::header);
    if (out.empty()) add(original.to, Source::original);
    for (const auto name : delivery_headers)
        if (out.empty()) add(verp_recipient(clean_address(headers.get(name))), Source::verp);
    // A list that refuses a post writes as its owner.
    if (out.empty()) add(list_of(clean_address(headers.get("From"))), Source::header);
    return out;
}

void explain_from_prose(std::vector<Evidence>& recipients, const Prose& prose) {
    std::optional<Fact> read; // by the first that needs it; most reports explain themselves in each block
    for (auto& recipient : recipients) {
        if (const int outcome = weight(recipient.action); outcome >= 0 && outcome < weight_of_delay) continue;
        const auto& own = recipient.diagnostic;
        const bool mute = recipient.smtp_code.empty() && recipient.status.empty();
        const bool loose = own.source == Source::smtp_reply && mute && recipients.size() == 1;
        if (loose || own.empty()) {
            if (!read) read = explanation(prose);
            const Fact& said = *read;
            // Of several recipients nobody knows whom the rest of a loosely read text is about.
            if (loose)
                recipient.diagnostic =
                    said.text.find(own.text) != std::string::npos
                        ? said
                        : make_fact(own.text + " " + said.text, own.source, own.place, longest_diagnostic);
            complete(recipient.diagnostic, said);
        }
        if (const auto all = whole_reply_of(recipient.diagnostic.text, prose); !all.empty())
            recipient.diagnostic =
                make_fact(all, recipient.diagnostic.source, recipient.diagnostic.place, longest_diagnostic);
        read_diagnostic(recipient);
        if (recipient.command.empty() && recipients.size() == 1)
            recipient.command = make_fact(find_command(prose.head), Source::smtp_reply, recipient.diagnostic.place);
    }
}

} // namespace nixie
