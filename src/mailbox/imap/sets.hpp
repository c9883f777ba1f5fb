// Sets of UIDs as IMAP spells them: "1:4,7,9:12" (RFC 3501, sequence-set).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nixie {

using ImapUid = std::uint32_t;

/// Longest set in one command: Dovecot refuses a line over 64 KiB, RFC 7162 section 4 asks clients to stay below 8,192.
constexpr std::size_t set_length_limit = 7'800;

/// Part of a set of UIDs that one command may carry.
struct UidSet {
    std::string text;
    std::vector<ImapUid> uids; ///< ascending
};

/// In ranges, in ascending order, each at most `max_length` bytes and `max_count` UIDs. Only UIDs given are named: a
/// range never spans one that is not in `uids`.
std::vector<UidSet> make_sets(std::vector<ImapUid> uids, std::size_t max_count,
                              std::size_t max_length = set_length_limit);

/// The UIDs of a set without "*", in the order given. Nothing if it is none or holds more than `max_count`.
std::optional<std::vector<ImapUid>> read_set(std::string_view text, std::size_t max_count);

/// A UID in decimal; nothing if it is 0 or anything else.
std::optional<ImapUid> read_uid(std::string_view text);
/// Those among `uids` that are IMAP UIDs; others name no message of an IMAP mailbox.
std::vector<ImapUid> read_uids(std::span<const std::string> uids);

} // namespace nixie
