// What a server tells in passing, whatever command is under way: what it can do, how the selected folder changes, its farewell.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "mailbox/imap/parser.hpp"
#include "nixie/result.hpp"

namespace nixie {

/// What the operator should read: alerts, a server's farewell, what could not be done.
using ImapLog = std::function<void(std::string_view)>;
/// In capitals.
using ImapCapabilities = std::set<std::string, std::less<>>;

/// As the words of a CAPABILITY response.
ImapCapabilities read_capabilities(std::string_view names);

class ImapAnnouncements {
  public:
    explicit ImapAnnouncements(ImapLog log) : log_(std::move(log)) {}

    /// An Error ends the session: a BYE, or that the selected folder was replaced.
    Result<void> note(const ImapResponse& response);

    /// What the server has, or must have as an IMAP4rev2 server.
    [[nodiscard]] bool offers(std::string_view capability) const;
    [[nodiscard]] const ImapCapabilities& capabilities() const { return capabilities_; }
    /// Messages that one command may name: `messages`, or fewer where the server sets a limit (RFC 9738).
    [[nodiscard]] std::size_t at_most(std::size_t messages) const;
    /// UIDVALIDITY of the selected folder. Empty while one is being selected.
    void expect_validity(std::string validity) { validity_ = std::move(validity); }
    /// Messages in the selected folder.
    [[nodiscard]] std::uint64_t exists() const { return exists_; }
    /// More messages were announced since forget_arrivals().
    [[nodiscard]] bool arrivals() const { return arrivals_; }
    void forget_arrivals() { arrivals_ = false; }

  private:
    Result<void> note_untagged(const ImapResponse& response);

    ImapLog log_;
    ImapCapabilities capabilities_;
    std::string validity_;
    std::uint64_t exists_ = 0;
    bool arrivals_ = false;
};

} // namespace nixie
