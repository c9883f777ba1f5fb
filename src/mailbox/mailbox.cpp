#include "mailbox/mailbox.hpp"

namespace nixie {

bool concerns_one_folder(ErrorCode code) { return is_refusal(code) || code == ErrorCode::output; }

Result<void> Mailbox::fetch_all(const Chunks& chunks, std::size_t max_bytes, const Sink& sink) {
    for (auto uids = chunks(); !uids.empty(); uids = chunks())
        if (auto fetched = fetch(uids, max_bytes, sink); !fetched) return fetched;
    return {};
}

Result<void> Mailbox::file_all(std::span<const Filing> filings, const Outcome& outcome) {
    for (const auto& filing : filings) {
        const auto filed = file(filing);
        if (!filed && !concerns_one_folder(filed.error().code)) return filed.error();
        outcome(filing, filed);
    }
    return {};
}

} // namespace nixie
