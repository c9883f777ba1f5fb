// Any evidence gets a verdict. The input's first lines are status, reply code, host, address and action; the rest is the
// diagnostic.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.hpp"
#include "nixie/verdict.hpp"

using namespace nixie;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Rules rules = Rules::built_in();
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    Evidence evidence;
    const std::array<Fact*, 5> facts{&evidence.status, &evidence.smtp_code, &evidence.remote_mta, &evidence.address,
                                     &evidence.action};
    for (Fact* fact : facts) {
        std::string_view line;
        if (!next_line(rest, line)) break;
        fact->text = to_valid_utf8(line);
    }
    evidence.diagnostic.text = fold_space(to_valid_utf8(rest));
    const Verdict verdict = classify(evidence, rules);
    if (verdict.rule.empty()) std::abort();
    if (verdict.rule == "undefined" && verdict.reason != Reason::undefined) std::abort();
    if (verdict.rule != classify(evidence, rules).rule) std::abort();
    return 0;
}
