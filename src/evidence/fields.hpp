// The fields of machine-readable report parts, read with all the tolerance that reports in the wild ask for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nixie {

/// One field, unfolded. `line` counts from 1 in the text.
struct ReportField {
    std::string name;  ///< lower case
    std::string value; ///< white space folded
    int line = 0;
    bool after_gap = false; ///< a blank line stood before it
};

/// The fields in `text`, in order. Folded lines are joined, also where the fold lost its indentation; several fields on one
/// line are told apart where their names are those of RFC 3464. Text that is no field is passed over.
std::vector<ReportField> read_fields(std::string_view text);
/// The first field of that (lower-case) name, or an empty view.
std::string_view find_field(const std::vector<ReportField>& fields, std::string_view name);
/// Is the first thing in `text` a field that message/delivery-status begins with?
bool starts_fields(std::string_view text);
/// Does a per-recipient field of RFC 3464 stand in `text`?
bool holds_recipient_fields(std::string_view text);

} // namespace nixie
