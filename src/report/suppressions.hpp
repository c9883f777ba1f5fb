// The addresses not to mail, in the forms that people and mail servers read.
#pragma once

#include <optional>
#include <string>

#include "report/table.hpp"
#include "store/store.hpp"

namespace nixie {

/// The table that `add_row` fills.
Table suppressions_table();
void add_row(Table& table, const Suppression& suppression);

/// One line each, with its line end.
std::string suppression_json(const Suppression& suppression);
inline constexpr const char* suppression_csv_heading = "address,since,ground,cause\n";
/// RFC 4180, but for the line end.
std::string suppression_csv(const Suppression& suppression);
/// A line of an access(5) map of Postfix, as check_recipient_access looks it up. Nothing for what no such map can hold: an
/// address without '@', such as a hash, one with a quoted local part, or with control characters.
std::optional<std::string> suppression_postfix(const Suppression& suppression);

} // namespace nixie
