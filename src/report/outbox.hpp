// What is in the outbox, for people and for programs.
#pragma once

#include <span>
#include <string>

#include "store/store.hpp"

namespace nixie {

std::string outbox_table(std::span<const OutboxRow> rows);
/// One line each, with the event as it is told.
std::string outbox_json(std::span<const OutboxRow> rows);

} // namespace nixie
