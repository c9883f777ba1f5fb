// The message that was reported on, as far as it came back.
#pragma once

#include "evidence/layout.hpp"
#include "evidence/prose.hpp"
#include "nixie/attribution.hpp"

namespace nixie {

/// From the returned part; where there is none, from `text`, the copy within the prose, and from what the prose says of it.
Original read_original(const Message& message, const Layout& layout, const Prose& prose, std::string_view text,
                       const Attribution& attribution);

} // namespace nixie
