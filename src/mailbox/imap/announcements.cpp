#include "mailbox/imap/announcements.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "mailbox/imap/refusal.hpp"
#include "mailbox/imap/sets.hpp"

namespace nixie {
namespace {

/// RFC 9051 appendix E, as far as it is used here.
constexpr std::array<std::string_view, 9> in_imap4rev2{"ENABLE",   "ESEARCH", "IDLE",    "LIST-EXTENDED", "LIST-STATUS",
                                                       "LITERAL-", "MOVE",    "UIDPLUS", "UNSELECT"};

/// In one EXPUNGE-like response.
constexpr std::size_t vanished_limit = 20'000'000;

std::string for_people(const std::string& text) { return fold_space(to_valid_utf8(text)); }

} // namespace

ImapCapabilities read_capabilities(std::string_view names) {
    ImapCapabilities out;
    while (!names.empty()) {
        const auto space = names.find(' ');
        if (space != 0) out.insert(to_upper(names.substr(0, space)));
        names.remove_prefix(space == std::string_view::npos ? names.size() : space + 1);
    }
    return out;
}

bool ImapAnnouncements::offers(std::string_view capability) const {
    if (capabilities_.contains(capability)) return true;
    const bool implied = std::find(in_imap4rev2.begin(), in_imap4rev2.end(), capability) != in_imap4rev2.end();
    return implied && capabilities_.contains("IMAP4REV2");
}

std::size_t ImapAnnouncements::at_most(std::size_t messages) const {
    constexpr std::string_view name = "MESSAGELIMIT=";
    const auto found = capabilities_.lower_bound(name);
    if (found == capabilities_.end() || !found->starts_with(name)) return messages;
    std::size_t limit = 0;
    std::from_chars(found->data() + name.size(), found->data() + found->size(), limit);
    return limit == 0 ? messages : std::min(messages, limit);
}

Result<void> ImapAnnouncements::note(const ImapResponse& response) {
    if (response.code == "ALERT") log_("the server says: " + for_people(response.text)); // RFC 3501: must be shown
    if (response.code == "CAPABILITY") capabilities_ = read_capabilities(response.code_argument);
    return response.kind == ImapResponse::Kind::untagged ? note_untagged(response) : Result<void>{};
}

Result<void> ImapAnnouncements::note_untagged(const ImapResponse& response) {
    if (response.name == "NO" || response.name == "BAD") { // a warning; RFC 3501 sections 7.1.2 and 7.1.3
        log_("the server warns: " + for_people(response.text));
    } else if (response.name == "CAPABILITY") {
        capabilities_.clear();
        for (const auto& value : response.values) capabilities_.insert(to_upper(value.text));
    } else if (response.name == "EXISTS" && response.number) {
        arrivals_ = arrivals_ || *response.number > exists_;
        exists_ = *response.number;
    } else if (response.name == "EXPUNGE" && exists_ > 0) {
        --exists_;
    } else if (response.name == "VANISHED" && response.values.size() == 1) { // RFC 7162; "(EARLIER)" tells of the past
        const auto gone = read_set(response.values[0].text, vanished_limit);
        exists_ -= std::min<std::uint64_t>(exists_, gone ? gone->size() : 0);
    } else if (response.name == "BYE") {
        return farewell(response);
    }
    if (response.code == "UIDVALIDITY" && !validity_.empty() && response.code_argument != validity_)
        return Error{ErrorCode::unavailable, "the folder was replaced while it was open (its UIDVALIDITY changed)", "",
                     "open it again"};
    return {};
}

} // namespace nixie
