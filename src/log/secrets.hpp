// Keeps passwords and tokens out of everything that is written down, whoever repeats them.
#pragma once

#include <string>
#include <string_view>

namespace nixie {

/// From now on redacted() hides `secret`, also where a server sends it back to us. Shorter than a few characters it would
/// hide ordinary words, and is passed over. Of very many the oldest are forgotten.
void guard_secret(std::string_view secret);

/// `text` with "***" for each secret in it.
std::string redacted(std::string_view text);

} // namespace nixie
