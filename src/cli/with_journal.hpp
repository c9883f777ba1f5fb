// What most commands begin with: the configuration read, the journal opened.
#pragma once

#include <functional>
#include <string>

#include "config/config.hpp"
#include "store/store.hpp"

namespace nixie {

using JournalWork = std::function<int(const Config&, Store&)>;

/// The exit code: of `work`, or of what kept it from beginning, which then stands on standard error.
int with_journal(const std::string& config_file, StoreAccess access, const JournalWork& work);

} // namespace nixie
