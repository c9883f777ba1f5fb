#include "cli/with_journal.hpp"

#include <sysexits.h>

#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "worker/journal.hpp"

namespace nixie {

int with_journal(const std::string& config_file, StoreAccess access, const JournalWork& work) {
    const auto config = load_config_or_complain(config_file);
    if (!config) return EX_CONFIG;
    auto store = open_journal(*config, access);
    if (!store) return fail(store.error());
    return work(*config, *store);
}

} // namespace nixie
