// What people said by moving messages, as a table and as JSON.
#pragma once

#include <span>
#include <string>

#include "store/store.hpp"

namespace nixie {

std::string corrections_table(std::span<const Correction> corrections);
/// One line of JSON for each.
std::string corrections_json(std::span<const Correction> corrections);

} // namespace nixie
