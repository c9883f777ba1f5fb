// The journal as the configuration has it.
#pragma once

#include "config/config.hpp"
#include "nixie/result.hpp"
#include "store/store.hpp"

namespace nixie {

/// Opens it with the key of its addresses, where those are hashed.
Result<Store> open_journal(const Config& config, StoreAccess access);

} // namespace nixie
