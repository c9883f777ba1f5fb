// What the names of files in a Maildir say.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// The unique part of a message's file name, without the flags (":2,S"). Looks into `file_name`.
std::string_view unique_part(std::string_view file_name);
/// The seconds of delivery at the front of the name, if there are any.
std::optional<Time> delivery_time(std::string_view file_name);
/// Another name for the same message: what follows the unique part's first field (",S=120", ":2,S") stays.
std::string renamed(std::string_view file_name, unsigned number);

/// How many names are tried: more messages with one name in a folder are no accident.
constexpr unsigned max_renames = 100;

enum class Subdirectory { fresh, cur }; ///< "new", where no client has seen the message, and "cur"
const char* name_of(Subdirectory subdirectory);

/// Where a message is now. Any mail client may change both at any time.
struct MaildirEntry {
    Subdirectory subdirectory = Subdirectory::fresh;
    std::string file_name;
};
/// By unique part.
using MaildirEntries = std::unordered_map<std::string, MaildirEntry>;

/// All messages of the Maildir (or folder) open as `directory`; `path` is for the error.
Result<MaildirEntries> scan_maildir(int directory, const std::string& path);
/// The uids of `entries`, oldest first; a name without a time counts by the file's mtime.
std::vector<std::string> oldest_first(int directory, const MaildirEntries& entries);

} // namespace nixie
