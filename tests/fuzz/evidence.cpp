// Any bytes: read_report() neither throws nor gives a fact that is more than one clean line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.hpp"
#include "nixie/message.hpp"
#include "nixie/report.hpp"

using namespace nixie;

namespace {

void check(const Fact& fact) {
    if (printable(fact.text) != fact.text || fact.text.find('\n') != std::string::npos) std::abort();
    if (fact.text.size() > 2'000) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Formats formats = Formats::built_in();
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const Report report = read_report(parse_message(bytes), formats);
    for (const auto& recipient : report.recipients) {
        if (recipient.address.empty() && report.recipients.size() > 1) std::abort();
        for (const Fact* fact : {&recipient.address, &recipient.original_address, &recipient.action, &recipient.status,
                                 &recipient.smtp_code, &recipient.diagnostic, &recipient.remote_mta})
            check(*fact);
    }
    return 0;
}
