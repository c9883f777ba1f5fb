// A message that is sent again by another than its author: RFC 5322, 3.6.6.
#pragma once

#include <string>
#include <string_view>

#include "nixie/time.hpp"

namespace nixie {

struct Resent {
    std::string from, to;
    std::string id; ///< without angle brackets
    Time date{};
};

/// `original` with the fields of the resender in front, the older ones of their kind after them. Lines end with CR LF. Left out is
/// what only the last server writes, and what tells of hidden recipients: Return-Path, Bcc, Resent-Bcc.
std::string resent_message(std::string_view original, const Resent& resent);

} // namespace nixie
