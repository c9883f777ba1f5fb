#include "evidence/machine_parts.hpp"

#include <algorithm>
#include <iterator>

#include "base/text.hpp"
#include "evidence/address.hpp"
#include "evidence/fields.hpp"
#include "evidence/pattern.hpp"

namespace nixie {
namespace {

const Part& part_of(const Message& message, int index) { return message.parts[static_cast<std::size_t>(index)]; }

void append(DeliveryStatus& to, DeliveryStatus from) {
    if (to.reporting_mta.empty()) to.reporting_mta = std::move(from.reporting_mta);
    if (to.envelope_id.empty()) to.envelope_id = std::move(from.envelope_id);
    to.capped = to.capped || from.capped;
    for (auto& recipient : from.recipients) {
        if (to.recipients.size() >= most_recipients) {
            to.capped = true;
            break;
        }
        to.recipients.push_back(std::move(recipient));
    }
}

/// Pasted fields start somewhere in a text, even in the middle of a line.
DeliveryStatus read_pasted(const Prose::Piece& piece) {
    static const Pattern start =
        Pattern::compile(R"((?:^|[\s>])(?P<address>(?:reporting-mta|final-recipient|original-recipient)\s?:))").value();
    Groups groups;
    if (!holds_recipient_fields(piece.text) || !start.match(piece.text, groups)) return {};
    const auto at = static_cast<std::size_t>(groups[Group::address].data() - piece.text.data());
    const auto line = 1 + std::count(piece.text.begin(), piece.text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    return read_delivery_status(piece.text.substr(at), piece.part, static_cast<int>(line));
}

} // namespace

DeliveryStatus read_delivery_statuses(const Message& message, const Layout& layout, const Prose& prose) {
    DeliveryStatus out;
    for (const int index : layout.delivery_status)
        append(out, read_delivery_status(part_of(message, index).text, index));
    if (!out.recipients.empty()) return out;
    for (const auto& piece : prose.pieces) append(out, read_pasted(piece));
    return out;
}

std::vector<Evidence> recipients_of(const std::vector<ReportField>& fields, int part,
                                    std::initializer_list<std::string_view> names) {
    std::vector<Evidence> out;
    for (const auto name : names) {
        for (const auto& field : fields) {
            if (field.name != name || out.size() >= most_recipients) continue;
            Evidence evidence;
            evidence.address =
                make_fact(clean_recipient(decode_xtext(field.value)), Source::dsn_field, {part, field.line});
            if (!evidence.address.empty()) out.push_back(std::move(evidence));
        }
        if (!out.empty()) break;
    }
    return out;
}

std::vector<Evidence> read_disposition(const Message& message, const Layout& layout) {
    if (layout.disposition < 0) return {};
    const auto fields = read_fields(part_of(message, layout.disposition).text);
    auto out = recipients_of(fields, layout.disposition, {"final-recipient", "original-recipient"});
    for (auto& recipient : out)
        for (const auto& field : fields)
            if (field.name == "disposition")
                recipient.diagnostic =
                    make_fact(field.value, Source::dsn_field, {layout.disposition, field.line}, longest_diagnostic);
    return out;
}

bool is_refusal_disposition(const Message& message, const Layout& layout) {
    if (layout.disposition < 0) return false;
    for (const auto& field : read_fields(part_of(message, layout.disposition).text))
        if (field.name == "disposition") {
            const auto value = to_lower(field.value);
            return value.starts_with("automatic-action") && value.find("deleted") != std::string::npos;
        }
    return false;
}

std::vector<Evidence> read_refusal(const Message& message, const Layout& layout) {
    if (!is_refusal_disposition(message, layout)) return {};
    auto out = read_disposition(message, layout);
    for (auto& recipient : out) recipient.diagnostic = {};
    return out;
}

} // namespace nixie
