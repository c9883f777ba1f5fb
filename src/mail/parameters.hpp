// Structured MIME fields: a value and its parameters (RFC 2045 section 5.1, RFC 2231).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mail/defects.hpp"

namespace nixie {

/// "multipart/report; report-type=delivery-status" taken apart.
class ParameterList {
  public:
    /// `field` is valid UTF-8, unfolded. Never fails: what cannot be read is passed over.
    ParameterList(std::string_view field, Defects& defects);

    /// What stands before the first ';', lower case, without comments.
    [[nodiscard]] const std::string& value() const { return value_; }
    /// Decoded; empty if there is none. Looks into this object.
    [[nodiscard]] std::string_view get(std::string_view name) const;

  private:
    std::string value_;
    std::vector<std::pair<std::string, std::string>> parameters_;
};

} // namespace nixie
