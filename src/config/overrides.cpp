// What one mailbox may set differently from the rest of the configuration.
#include "config/sections.hpp"

namespace nixie {
namespace {

constexpr std::int64_t most_connections = 1000;

} // namespace

void read_overrides(TableReader& in, const Config& config, MailboxConfig& mailbox, const std::string& file,
                    std::vector<Error>& errors) {
    mailbox.folders = config.folders;
    mailbox.retry = config.retry;
    mailbox.bytes_per_day = read_bytes_per_day(in, config.bytes_per_day, config.fetch_bytes);
    if (mailbox.protocol != Protocol::maildir)
        mailbox.connections =
            static_cast<int>(in.integer("connections", config.connections_per_host, 1, most_connections));
    if (const auto* folders = in.table("folders"))
        mailbox.folders = read_folders(*folders, "[mailbox.folders]", config.folders, file, errors);
    if (const auto* retry = in.table("retry")) {
        TableReader keys(*retry, file, "[mailbox.retry]", errors);
        mailbox.retry = read_retry(keys, "[mailbox.retry]", config.retry, file, errors);
        keys.refuse_other_keys();
    }
}

} // namespace nixie
