#include "worker/record.hpp"

#include <openssl/evp.h>

#include <array>
#include <cassert>

#include <fmt/format.h>

#include "base/text.hpp"
#include "store/bounces.hpp"

namespace nixie {
namespace {

/// Of SHA-256's 64: enough to tell any two reports apart.
constexpr std::size_t digest_digits = 32;

BounceRecord make_bounce(const Evidence& evidence, const Verdict& verdict) {
    BounceRecord out;
    out.address = evidence.address.text;
    out.reason = verdict.reason;
    out.category = verdict.category;
    out.type = verdict.type;
    out.status = evidence.status.text;
    out.smtp_code = evidence.smtp_code.text;
    out.action = evidence.action.text;
    out.diagnostic = evidence.diagnostic.text;
    out.remote_mta = evidence.remote_mta.text;
    out.rule = verdict.rule;
    out.matched = verdict.matched;
    return out;
}

void keep_original(MessageRecord& record, const FetchedMessage& message, const ReturnPathGuard& guard) {
    if (record.kind != Kind::bounce || record.cut_at || record.bounces.size() != 1) return;
    BounceRecord& bounce = record.bounces.front();
    if (bounce.type != BounceType::soft) return;
    const auto claim = guard.proven(message.bytes);
    if (!claim || !equals_ignoring_case(bounce.address, claim->recipient)) return;
    Limits limits;
    limits.bytes = message.bytes.size();
    auto original = returned_message(message.bytes, limits);
    if (!original) return;
    bounce.original = std::move(*original);
    bounce.original_mailing = claim->mailing;
}

/// What stands behind the header, which anybody on the way may change.
std::string_view body_of(std::string_view bytes) {
    std::string_view line;
    while (next_line(bytes, line))
        if (line.empty()) break;
    return bytes;
}

/// CR LF as LF. One piece is digested at a fraction of what one line after the other costs.
std::string with_short_line_ends(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    for (auto end = bytes.find("\r\n"); end != std::string_view::npos; end = bytes.find("\r\n")) {
        out.append(bytes.substr(0, end)).append(1, '\n');
        bytes.remove_prefix(end + 2);
    }
    return out.append(bytes);
}

/// Only where the report names its original can the same words not be about two messages.
std::string digest_of_report(std::string_view bytes, const MessageRecord& record) {
    if (!concerns_recipients(record.kind) || record.original_message_id.empty()) return {};
    std::string text(body_of(bytes));
    for (const auto& bounce : record.bounces) text.append("\0", 1).append(to_lower(bounce.address));
    return sha256_hex(text).substr(0, digest_digits);
}

} // namespace

std::string sha256_hex(std::string_view bytes) {
    const std::string text = with_short_line_ends(bytes);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    const bool done = EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) == 1;
    assert(done);
    static_cast<void>(done);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (unsigned int i = 0; i < length; ++i) {
        out += digits[digest[i] >> 4];
        out += digits[digest[i] & 15];
    }
    return out;
}

MessageRecord make_record(MessageKey key, const FetchedMessage& message, const Judgement& judgement,
                          std::string folder) {
    const Report& report = judgement.report;
    MessageRecord out;
    out.key = std::move(key);
    out.sha256 = sha256_hex(message.bytes);
    out.size = message.size;
    if (message.bytes.size() < message.size) out.cut_at = message.bytes.size();
    out.arrived = message.arrived;
    out.kind = report.kind;
    out.folder = std::move(folder);
    out.format = report.format;
    out.reporting_mta = report.reporting_mta;
    out.feedback_type = report.feedback_type;
    out.original_message_id = report.original.message_id;
    out.original_envelope_id = report.original.envelope_id;
    out.original_subject = report.original.subject;
    out.campaign = report.original.campaign;
    out.from = report.from;
    for (std::size_t i = 0; i < report.recipients.size(); ++i)
        out.bounces.push_back(make_bounce(report.recipients[i], judgement.verdicts[i]));
    out.report_digest = digest_of_report(message.bytes, out);
    return out;
}

MessageRecord make_record(const CycleContext& context, const std::string& validity, const FetchedMessage& message,
                          const Judgement& judgement, std::string folder) {
    auto record = make_record({context.mailbox.name, validity, message.uid}, message, judgement, std::move(folder));
    const auto* const tries = context.config.tries();
    if (tries && tries->way == NotifyConfig::Way::resend && context.judge.guard())
        keep_original(record, message, *context.judge.guard());
    return record;
}

MessageRecord make_quarantine_record(MessageKey key, const Progress& progress, std::string folder, Time now) {
    MessageRecord out;
    // Its content was never read to the end; the key stands in for it.
    out.sha256 = sha256_hex(key.mailbox + '\0' + key.validity + '\0' + key.uid);
    out.key = std::move(key);
    out.arrived = now;
    out.kind = Kind::unrecognised;
    out.folder = std::move(folder);
    out.failure = fmt::format("reading it was begun {} times and never finished{}{}", progress.attempts - 1,
                              progress.failure.empty() ? "" : ": ", progress.failure);
    return out;
}

} // namespace nixie
