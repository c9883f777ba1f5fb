// The recipients whose next try is due, as a table and as JSON Lines.
#pragma once

#include <span>
#include <string>

#include "store/store.hpp"

namespace nixie {

std::string due_table(std::span<const DueRecipient> recipients);
/// One line of JSON a recipient.
std::string due_json(std::span<const DueRecipient> recipients);

} // namespace nixie
