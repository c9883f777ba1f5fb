// Catch2 3 under the one name that Catch2 2 has: Debian 12 brings version 2, Debian 13 version 3.
#pragma once

#include <catch2/catch_all.hpp>

namespace Catch {
using namespace Matchers;
using Detail::Approx;
inline auto Contains(const std::string& text) { return ContainsSubstring(text); }
} // namespace Catch
