// A message with the place of each part in its bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mail/mime_tree.hpp"
#include "nixie/message.hpp"

namespace nixie {

struct LocatedMessage {
    Message message;
    std::string text;            ///< the bytes, mended where they had to be
    std::vector<Extent> extents; ///< of each part, in `text`
};

/// As parse_message().
LocatedMessage parse_located(std::string_view bytes, const Limits& limits);

} // namespace nixie
