// A reply code and an enhanced status code, taken apart and looked up.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "explain/registry.hpp"

namespace nixie {

/// A text that is nothing but codes. One of the two may be empty.
struct Codes {
    std::string reply;  ///< "550"
    std::string status; ///< "5.1.1"
};

/// "550", "5.1.1", "550 5.7.1", "550-5.7.1", "#5.1.1", "X.7.1": nothing where `text` says more than that, or where it has the
/// shape of codes but is none (see code_complaint()).
std::optional<Codes> parse_codes(std::string_view text);
/// Why a text that looks like a code is none: "there is no class 9". Empty for everything else.
std::string code_complaint(std::string_view text);

/// What a registry says of one code. Null where it says nothing. Looks into the registry.
struct CodeMeaning {
    std::string code;
    const CodeBook* book = nullptr;
    const CodeEntry* of_class = nullptr;   ///< null for a status with X for its class
    const CodeEntry* of_subject = nullptr; ///< its second part
    const CodeEntry* of_code = nullptr;    ///< null: the code as a whole is not registered
};

/// One for each of the codes that is not empty, the more telling one first: the status.
std::vector<CodeMeaning> look_up(const Codes& codes, const Registry& registry);

} // namespace nixie
