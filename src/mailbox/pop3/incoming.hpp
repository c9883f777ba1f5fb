// A message on its way from a POP3 server to a Maildir, in blocks of bounded size.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mailbox/maildir/writer.hpp"
#include "nixie/result.hpp"

namespace nixie {

/// Lines in a Maildir end with LF, on the wire with CR LF.
class Pop3Incoming {
  public:
    Pop3Incoming(MaildirDraft draft, std::string_view uid);

    /// The next bytes from the wire; an error if there are more than a message may have.
    Result<void> append(std::string_view wire);
    /// All is there: stores it; the name it has in the folder.
    Result<std::string> store(MaildirWriter& writer) &&;

  private:
    Result<void> write(std::string_view bytes);
    Result<void> flush();

    MaildirDraft draft_;
    std::string block_; ///< not written yet
    std::string head_;  ///< the message's beginning
    std::uint64_t hash_;
    std::size_t size_ = 0;
    bool after_cr_ = false; ///< a CR is held back until it is known what follows
};

/// Longer ones stay on the server.
constexpr std::size_t max_stored_message = std::size_t{1} << 30;

} // namespace nixie
