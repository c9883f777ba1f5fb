// Any bytes get a judgement: a verdict for each recipient, and words that can be printed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.hpp"
#include "nixie/judge.hpp"

using namespace nixie;

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

void check(const Judgement& judgement) {
    require(judgement.verdicts.size() == judgement.report.recipients.size());
    for (const Verdict& verdict : judgement.verdicts) {
        require(!verdict.rule.empty());
        require((verdict.reason == Reason::undefined) || !verdict.matched.empty());
        require(to_valid_utf8(verdict.matched) == verdict.matched);
    }
    const Original& original = judgement.report.original;
    for (const auto* text : {&judgement.report.ground, &judgement.report.reporting_mta, &original.message_id,
                             &original.subject, &original.from, &original.to, &original.campaign})
        require(to_valid_utf8(*text) == *text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Judge judge = Judge::built_in();
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    check(judge(bytes));
    check(judge(bytes, {.bytes = size / 2, .containers = 2, .parts = 3, .fields = 4}));
    return 0;
}
