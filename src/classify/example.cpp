#include "classify/example.hpp"

#include <re2/re2.h>

#include "evidence/smtp_command.hpp"

namespace nixie {

Evidence example_evidence(std::string_view example) {
    static const RE2 pattern(
        R"((?:<([^<>@ ]+@[^<>@ ]+)>: )?(?:host ([^ \[]+)(?:\[[^\]]*\])? said: )?((?:([245]\d\d)(?:[- ]|$))?(?:#?([245]\.\d{1,3}\.\d{1,3})\b)?.*))");
    Evidence out;
    RE2::FullMatch(re2::StringPiece(example.data(), example.size()), pattern, &out.address.text, &out.remote_mta.text,
                   &out.diagnostic.text, &out.smtp_code.text, &out.status.text);
    out.command.text = find_command(example);
    static const RE2 delayed(R"(\(delayed\)$)");
    if (RE2::PartialMatch(re2::StringPiece(example.data(), example.size()), delayed)) out.action.text = "delayed";
    return out;
}

} // namespace nixie
