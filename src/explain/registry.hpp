// What the codes of mail mean, in words: conf/registry, which names its source and its date.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/data.hpp"
#include "nixie/result.hpp"

namespace nixie {

/// One registered code, or one class or subject of codes.
struct CodeEntry {
    std::string code; ///< "X.1.1", "550"; of a class "5"; of a subject "X.1" or "X5"
    std::string name; ///< as it is registered
    std::string meaning;
    std::string action;             ///< what a person can do about it; empty for subjects
    std::vector<std::string> reply; ///< of an enhanced code: the SMTP replies it goes with
    std::vector<std::string> rfc;   ///< where it is defined; may be empty
};

/// One registry of codes.
struct CodeBook {
    std::string name;
    std::string source; ///< where the registry is kept
    std::string as_of;  ///< the date of its state, as YYYY-MM-DD
    std::vector<CodeEntry> classes, subjects, codes;

    /// Null if it is not there.
    [[nodiscard]] static const CodeEntry* find(const std::vector<CodeEntry>& entries, std::string_view code);
};

struct Registry {
    CodeBook status; ///< enhanced status codes (RFC 3463)
    CodeBook reply;  ///< SMTP reply codes (RFC 5321)

    /// From conf/registry. It is tested with the program, so failure is a bug.
    static const Registry& built_in();
};

/// One registry's file. Errors name file and line.
Result<CodeBook> read_code_book(const DataFile& file);

} // namespace nixie
