#include "mailbox/pop3/incoming.hpp"

#include <algorithm>
#include <utility>

#include "base/clock.hpp"
#include "mailbox/pop3/message.hpp"

namespace nixie {
namespace {

constexpr std::size_t block_size = 64 * 1024;
/// "Received" and "Date" are looked for in so much of the header.
constexpr std::size_t head_size = 64 * 1024;

} // namespace

Pop3Incoming::Pop3Incoming(MaildirDraft draft, std::string_view uid)
    : draft_(std::move(draft)), hash_(content_hash(uid)) {}

Result<void> Pop3Incoming::append(std::string_view wire) {
    size_ += wire.size();
    if (size_ > max_stored_message)
        return Error{ErrorCode::unavailable, "a message is longer than the server said, and than nixie stores", {}, {}};
    while (!wire.empty()) {
        if (after_cr_) {
            after_cr_ = false;
            if (wire.front() != '\n')
                if (auto written = write("\r"); !written) return written;
        }
        const auto cr = wire.find('\r');
        if (auto written = write(wire.substr(0, cr)); !written) return written;
        after_cr_ = cr != std::string_view::npos;
        wire.remove_prefix(after_cr_ ? cr + 1 : wire.size());
    }
    return {};
}

Result<void> Pop3Incoming::write(std::string_view bytes) {
    hash_ = content_hash(bytes, hash_);
    if (head_.size() < head_size) head_ += bytes.substr(0, head_size - head_.size());
    block_ += bytes;
    return block_.size() < block_size ? Result<void>() : flush();
}

Result<void> Pop3Incoming::flush() {
    auto appended = draft_.append(block_);
    block_.clear();
    return appended;
}

Result<std::string> Pop3Incoming::store(MaildirWriter& writer) && {
    if (after_cr_)
        if (auto written = write("\r"); !written) return written.error();
    if (auto flushed = flush(); !flushed) return flushed.error();
    const auto stamp = stamped_arrival(head_);
    return writer.store(maildir_name(stamp, hash_), std::move(draft_), stamp.value_or(SystemClock().now()));
}

} // namespace nixie
