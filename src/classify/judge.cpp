#include "nixie/judge.hpp"

#include "nixie/typo.hpp"

namespace nixie {

Result<Judge> Judge::with_own(const std::string& directory) {
    auto formats = Formats::with_own(directory);
    if (!formats) return formats.error();
    auto rules = Rules::with_own(directory);
    if (!rules) return rules.error();
    return Judge(std::move(formats).value(), std::move(rules).value());
}

Judgement Judge::operator()(std::string_view bytes, const Limits& limits) const {
    Judgement out{read_report(parse_message(bytes, limits), formats_), {}};
    out.verdicts.reserve(out.report.recipients.size());
    for (const auto& evidence : out.report.recipients) {
        out.verdicts.push_back(classify(evidence, rules_));
        if (out.report.kind == Kind::bounce)
            out.verdicts.back().suggestion = suggest_address(evidence.address.text, out.verdicts.back().reason);
    }
    return out;
}

} // namespace nixie
