#include "classify/example.hpp"

#include <re2/re2.h>

namespace nixie {

Evidence example_evidence(std::string_view example) {
    static const RE2 pattern(
        R"((?:<([^<>@ ]+@[^<>@ ]+)>: )?(?:host ([^ \[]+)(?:\[[^\]]*\])? said: )?((?:([245]\d\d)(?:[- ]|$))?(?:#?([245]\.\d{1,3}\.\d{1,3})\b)?.*))");
    Evidence out;
    RE2::FullMatch(re2::StringPiece(example.data(), example.size()), pattern, &out.address.text, &out.remote_mta.text,
                   &out.diagnostic.text, &out.smtp_code.text, &out.status.text);
    return out;
}

} // namespace nixie
