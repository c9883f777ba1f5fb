#include "evidence/delivery_status.hpp"

#include <array>
#include <utility>

#include "base/text.hpp"
#include "evidence/address.hpp"
#include "evidence/fields.hpp"
#include "evidence/smtp_command.hpp"
#include "evidence/smtp_reply.hpp"

namespace nixie {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> action_stems{{
    {"fail", "failed"},
    {"delay", "delayed"},
    {"deliver", "delivered"},
    {"relay", "relayed"},
    {"expand", "expanded"},
    {"reject", "failed"},
    {"expire", "failed"},
}};

/// The action, whatever is written around or after it; empty if it is none.
std::string_view read_action(std::string_view value) {
    for (const auto& [stem, action] : action_stems)
        if (starts_with_ignoring_case(value, stem)) return action;
    return {};
}

std::string_view host_of(std::string_view value) {
    value = without_type(value);
    return value.substr(0, value.find_first_of(" \t(;,"));
}

/// In lower case already: clean_address() sees to it.
std::string_view domain_of(std::string_view address) {
    const auto at = address.rfind('@');
    return at == std::string_view::npos ? std::string_view{} : address.substr(at + 1);
}

/// Collects the fields of one group after the other.
class GroupReader {
  public:
    GroupReader(DeliveryStatus& out, int part, int first_line) : out_(out), part_(part), first_line_(first_line) {}

    void take(const ReportField& field) {
        if (begins_group(field)) flush();
        const Place place{part_, field.line + first_line_ - 1};
        if (field.name == "final-recipient") take_final(field.value, place);
        if (field.name == "original-recipient")
            original_ = make_fact(decode_xtext(field.value), Source::dsn_field, place);
        if (field.name == "x-actual-recipient") actual_ = make_fact(field.value, Source::dsn_field, place);
        if (field.name == "reporting-mta" && out_.reporting_mta.empty())
            out_.reporting_mta = make_fact(host_of(field.value), Source::dsn_field, place).text;
        if (field.name == "original-envelope-id" && out_.envelope_id.empty())
            out_.envelope_id = make_fact(decode_xtext(field.value), Source::dsn_field, place).text;
        if (field.name == "action") {
            set(group_.action, read_action(field.value), place);
            // No action of RFC 3464, but SendGrid's; its Status is empty then.
            if (starts_with_ignoring_case(field.value, "expire"))
                expired_ = make_fact("4.4.7", Source::dsn_field, place);
        }
        if (field.name == "status") take_status(field.value, place);
        if (field.name == "diagnostic-code") take_diagnostic(field.value, place);
        if (field.name == "remote-mta") set(group_.remote_mta, host_of(field.value), place);
    }

    void flush() {
        name_recipient();
        if (group_.status.empty()) group_.status = expired_;
        const bool says_something = !group_.action.empty() || !group_.status.empty() || !group_.diagnostic.empty();
        if (!group_.address.empty() || says_something) {
            if (out_.recipients.size() < most_recipients)
                out_.recipients.push_back(std::move(group_));
            else
                out_.capped = true;
        }
        group_ = {};
        final_ = original_ = actual_ = expired_ = {};
    }

  private:
    /// Blank lines within a group and missing ones between groups both occur, so that only recipient fields divide.
    [[nodiscard]] bool begins_group(const ReportField& field) const {
        if (field.name == "final-recipient") return !final_.empty();
        if (field.name == "original-recipient") return !original_.empty() || (field.after_gap && !final_.empty());
        // Exim puts Action first. RFC 3464 section 2.1: fields may stand in any order.
        if (field.after_gap && field.name == "action") return !final_.empty() && !group_.action.empty();
        if (field.after_gap && field.name == "status") return !final_.empty() && !group_.status.empty();
        return false;
    }
    static void set(Fact& fact, std::string_view text, Place place) {
        if (fact.empty()) fact = make_fact(text, Source::dsn_field, place);
    }
    void take_final(const std::string& value, Place place) {
        final_ = make_fact(value, Source::dsn_field, place);
        if (final_.empty()) final_ = {"?", Source::dsn_field, place};
    }
    void take_status(const std::string& value, Place place) {
        set(group_.status, find_status(value), place);
        // "Status: 5.1.1 (bad destination mailbox address)", and whole replies where only a code belongs.
        const auto reply = find_reply(value);
        if (!reply.code.empty()) set(group_.smtp_code, reply.code, place);
        const auto comment = trim(value);
        if (comment.size() > group_.status.text.size() + 4 && status_comment_.empty())
            status_comment_ = make_fact(comment, Source::dsn_field, place, longest_diagnostic);
    }
    void take_diagnostic(const std::string& value, Place place) {
        const auto text = without_type(value);
        if (group_.diagnostic.empty() || find_reply(group_.diagnostic.text).status.empty())
            if (!text.empty()) group_.diagnostic = make_fact(text, Source::dsn_field, place, longest_diagnostic);
    }
    /// Final-Recipient is the address that failed; where it is no address (a program, a file, X.400) the others are, and
    /// where it is another name for it in its own domain, an alias's target, Original-Recipient is what the sender knows.
    void name_recipient() {
        if (group_.diagnostic.empty()) group_.diagnostic = status_comment_;
        status_comment_ = {};
        const auto final_address = clean_recipient(final_.text);
        const auto original_address = clean_recipient(original_.text);
        const auto actual_address = clean_recipient(actual_.text);
        // "user@server" is a name for the inside.
        const auto is_whole = [](const std::string& address) {
            const auto at = address.find('@');
            return at != std::string::npos && address.find_first_of(".[", at) != std::string::npos;
        };
        const std::array<std::pair<const Fact*, const std::string*>, 3> candidates{
            {{&final_, &final_address}, {&original_, &original_address}, {&actual_, &actual_address}}};
        const std::pair<const Fact*, const std::string*>* best = nullptr;
        for (const auto& candidate : candidates)
            if (!candidate.second->empty() &&
                (best == nullptr || (!is_whole(*best->second) && is_whole(*candidate.second))))
                best = &candidate;
        if (best == nullptr) return;
        if (is_whole(original_address) && domain_of(original_address) == domain_of(*best->second))
            best = &candidates[1];
        group_.address = {*best->second, Source::dsn_field, best->first->place};
        if (!original_address.empty() && !equals_ignoring_case(original_address, group_.address.text))
            group_.original_address = {original_address, Source::dsn_field, original_.place};
    }

    DeliveryStatus& out_;
    int part_;
    int first_line_;
    Evidence group_;
    Fact final_;
    Fact original_;
    Fact actual_;
    Fact status_comment_;
    Fact expired_; ///< the status that an action "expired" means
};

} // namespace

Fact make_fact(std::string_view text, Source source, Place place, std::size_t longest) {
    text = text.substr(0, 4 * longest);
    if (text.empty()) return {};
    std::string line = fold_space(text);
    if (!is_ascii(line)) line = printable(line);
    if (line.size() > longest) line.resize(clip(line, longest).size());
    if (line.empty()) return {};
    return {std::move(line), source, place};
}

DeliveryStatus read_delivery_status(std::string_view text, int part, int first_line) {
    DeliveryStatus out;
    GroupReader reader(out, part, first_line);
    for (const auto& field : read_fields(text)) reader.take(field);
    reader.flush();
    for (auto& recipient : out.recipients) read_diagnostic(recipient);
    return out;
}

void read_diagnostic(Evidence& evidence) {
    if (evidence.diagnostic.empty()) return;
    const auto reply = find_reply(evidence.diagnostic.text);
    const auto& from = evidence.diagnostic;
    if (evidence.smtp_code.empty() && !reply.code.empty()) evidence.smtp_code = {reply.code, from.source, from.place};
    if (evidence.command.empty()) evidence.command = make_fact(find_command(from.text), from.source, from.place);
    // What the remote server said word for word outweighs what the reporting one made of it: Sendmail writes 5.1.1 for
    // any refused RCPT, many write 5.0.0.
    const bool better =
        evidence.status.empty() || (!is_generic(reply.status) && (reply.whole || is_generic(evidence.status.text)));
    if (!reply.status.empty() && better) evidence.status = {reply.status, from.source, from.place};
}

} // namespace nixie
