// A Maildir++ tree as tests fill it and look at it, behind the server's back or without one.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace nixie {

/// Puts messages into `new` of the inbox, under names as Postfix gives them. Makes the folders that are missing, owned by whom
/// the tree's parent folder belongs to. They arrive from `arrived` on, in unix seconds.
void deliver(const std::filesystem::path& maildir, const std::vector<std::string>& messages,
             std::size_t arrived = 1795200000);

/// Folder name as in Maildir++, "" for the inbox → the messages' files.
std::map<std::string, std::vector<std::filesystem::path>> message_files(const std::filesystem::path& maildir);

/// Folder → the messages' Message-Ids, sorted.
std::map<std::string, std::vector<std::string>> message_ids(const std::filesystem::path& maildir);

/// Folder → number of messages, where there are any.
std::map<std::string, std::size_t> filled_folders(const std::filesystem::path& maildir);

/// Folder → number of messages.
std::map<std::string, std::size_t> message_counts(const std::filesystem::path& maildir);

} // namespace nixie
