// What a part's header says about its body, and the body as text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mail/defects.hpp"
#include "mail/header_block.hpp"
#include "mail/transfer.hpp"

namespace nixie {

/// What only the walk through the parts needs of a header.
struct BodyFacts {
    TransferEncoding transfer = TransferEncoding::none;
    std::string boundary;
};

/// Fills `part` but for parent, depth, size and text.
BodyFacts describe(std::vector<Field> fields, std::string_view default_type, Part& part, Defects& defects);

/// The contract of Part::text.
bool holds_text(const Part& part);

/// The body with its transfer encoding undone.
std::string decoded(std::string_view body, TransferEncoding transfer, Defects& defects);

/// Sets part.text and part.size.
void set_text(std::string_view body, TransferEncoding transfer, Part& part, Defects& defects);
/// Sets part.size alone.
void set_size(std::string_view body, TransferEncoding transfer, Part& part);

} // namespace nixie
