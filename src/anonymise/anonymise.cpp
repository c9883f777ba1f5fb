#include "anonymise/anonymise.hpp"

#include <array>

#include "anonymise/pseudonyms.hpp"
#include "anonymise/rewriter.hpp"
#include "anonymise/scrubber.hpp"

namespace nixie {
namespace {

/// From what takes most away to what leaves most: a text in which a name is also a deciding word needs the later ones.
constexpr std::array<ScrubSettings, 5> attempts{{{true, true, true, true},
                                                 {true, false, true, true},
                                                 {false, false, true, true},
                                                 {false, false, false, true},
                                                 {false, false, false, false}}};

std::string recipient_difference(const Judgement& before, const Judgement& after, std::size_t i) {
    const Evidence& was = before.report.recipients[i];
    const Evidence& is = after.report.recipients[i];
    const Verdict& verdict_was = before.verdicts[i];
    const Verdict& verdict_is = after.verdicts[i];
    if (was.action.text != is.action.text) return "action";
    if (was.status.text != is.status.text) return "status";
    if (was.smtp_code.text != is.smtp_code.text) return "reply code";
    if (verdict_was.reason != verdict_is.reason) return "reason";
    if (verdict_was.category != verdict_is.category) return "category";
    if (verdict_was.type != verdict_is.type) return "type";
    return verdict_was.rule != verdict_is.rule ? "rule" : "";
}

std::string difference(const Judgement& before, const Judgement& after) {
    if (before.report.kind != after.report.kind)
        return "kind is " + std::string(name(after.report.kind)) + ", was " + std::string(name(before.report.kind));
    if (before.report.feedback_type != after.report.feedback_type) return "type of feedback";
    if (before.report.format != after.report.format) return "format";
    if (before.report.recipients.size() != after.report.recipients.size()) return "number of recipients";
    for (std::size_t i = 0; i < before.report.recipients.size(); ++i)
        if (const auto what = recipient_difference(before, after, i); !what.empty())
            return what + " of recipient " + std::to_string(i + 1);
    return {};
}

} // namespace

Anonymised anonymise(std::string_view bytes, const Judge& judge, const Limits& limits) {
    const Judgement before = judge(bytes, limits);
    Anonymised out;
    for (const ScrubSettings& settings : attempts) {
        Pseudonyms names;
        Scrubber scrubber(names, settings, before.report.original.subject);
        // The first time names are learnt, those too that stand behind a text that has them without a sign of what they are.
        rewrite_message(bytes, limits, scrubber);
        out.bytes = rewrite_message(bytes, limits, scrubber);
        out.difference = difference(before, judge(out.bytes, limits));
        if (out.difference.empty()) break;
    }
    return out;
}

} // namespace nixie
