// One reader for each table of the configuration file, each in a file of its own.
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/table_reader.hpp"

namespace nixie {

/// [[mailbox]]
MailboxConfig read_mailbox(const toml::table& table, const std::string& file, std::vector<Error>& errors);
/// [folders]
FolderNames read_folders(const toml::table& table, const std::string& file, std::vector<Error>& errors);
/// [retry]
RetryPolicy read_retry(const toml::table& table, const std::string& file, std::vector<Error>& errors);
/// [limits]
void read_limits(const toml::table& table, const std::string& file, std::vector<Error>& errors, Config& config);
/// [rules]; without that table the usual folder, if it is there.
std::string read_rules_directory(const toml::table* table, const std::string& file, std::vector<Error>& errors);
/// [notify]
void read_notify(const toml::table& table, const std::string& file, std::vector<Error>& errors, Config& config);

} // namespace nixie
