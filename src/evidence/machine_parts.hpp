// The machine-readable parts of a report: what their fields say.
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "evidence/delivery_status.hpp"
#include "evidence/fields.hpp"
#include "evidence/layout.hpp"
#include "evidence/prose.hpp"
#include "nixie/report.hpp"

namespace nixie {

/// RFC 3464: from its own part or, where that is missing, from fields pasted into the prose.
DeliveryStatus read_delivery_statuses(const Message& message, const Layout& layout, const Prose& prose);

/// The recipients that the first of these fields that is there at all names.
std::vector<Evidence> recipients_of(const std::vector<ReportField>& fields, int part,
                                    std::initializer_list<std::string_view> names);

/// RFC 8098: who read (or deleted) the message; the Disposition is the diagnostic.
std::vector<Evidence> read_disposition(const Message& message, const Layout& layout);

/// RFC 5429, section 2.1.2: a refusal in the shape of a receipt, since the message was deleted by a program.
bool is_refusal_disposition(const Message& message, const Layout& layout);
/// Who refused it; the text says why.
std::vector<Evidence> read_refusal(const Message& message, const Layout& layout);

} // namespace nixie
