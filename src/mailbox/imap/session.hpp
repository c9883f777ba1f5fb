// Commands and their answers on one connection; knows tags, literals and status, not what the commands mean.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mailbox/imap/announcements.hpp"
#include "mailbox/imap/command.hpp"
#include "mailbox/imap/parser.hpp"
#include "mailbox/imap/stream.hpp"
#include "nixie/result.hpp"

namespace nixie {

/// Not thread-safe. After an Error the session is useless; NO and BAD are answers, not Errors.
class ImapSession {
  public:
    /// Called for each untagged response while commands are under way, whichever of them it belongs to.
    using Untagged = std::function<Result<void>(ImapResponse&)>;

    ImapSession(std::unique_ptr<ImapStream> stream, ImapLog log);

    /// Sends one command; its tagged answer.
    Result<ImapResponse> run(const ImapCommand& command, const Untagged& untagged = {});
    /// Sends the commands without waiting for answers in between, several at a time; the tagged answers in the order of
    /// the commands. The server may answer in any order. Arrivals announced before the last of the first `known` commands
    /// is answered are forgotten.
    Result<std::vector<ImapResponse>> run_all(std::span<const ImapCommand> commands, const Untagged& untagged = {},
                                              std::size_t known = 0);
    /// As above, giving each tagged answer to `answered`, with the number of its command, from 0.
    using Answered = std::function<void(std::size_t index, ImapResponse&& answer)>;
    Result<void> run_all(std::span<const ImapCommand> commands, const Answered& answered,
                         const Untagged& untagged = {});
    /// The command to send next, asked for only when it can be sent at once; nothing ends the exchange.
    using Source = std::function<std::optional<ImapCommand>()>;
    /// As run_all() for commands that are made while others are under way, at most `at_once` of them.
    Result<void> run_stream(std::size_t at_once, const Source& next, const Answered& answered,
                            const Untagged& untagged);
    /// As run(), where any answer but OK is an Error.
    Result<ImapResponse> require(const ImapCommand& command, const Untagged& untagged = {});

    /// Listens in IDLE (RFC 2177) or, for a server without it, silently: until `timeout` is over, more messages are
    /// announced than forget_arrivals() knew or `stop_fd` is readable.
    Result<void> idle(Duration timeout, int stop_fd);
    Result<void> listen(Duration timeout, int stop_fd);
    /// LOGOUT, without waiting for the goodbye: a round trip that tells nothing. The session is not to be used any more.
    void log_out();

    /// What the server offers, in capitals, or must offer as an IMAP4rev2 server. Known from the answer to the login or
    /// from CAPABILITY.
    [[nodiscard]] bool offers(std::string_view capability) const { return told_.offers(capability); }
    [[nodiscard]] const ImapCapabilities& capabilities() const { return told_.capabilities(); }
    /// The same of what was announced before the login.
    [[nodiscard]] bool announced(std::string_view capability) const { return announced_.contains(capability); }
    /// Messages that one command may name: `messages`, or fewer where the server sets a limit (RFC 9738).
    [[nodiscard]] std::size_t at_most(std::size_t messages) const { return told_.at_most(messages); }

    /// From now on everything is compressed (RFC 4978). Nothing where the server has it not or refuses.
    Result<void> compress();
    /// UIDVALIDITY of the selected folder: if the server names another, the folder was replaced, and the session ends.
    /// Empty while a folder is being selected.
    void expect_validity(std::string validity) { told_.expect_validity(std::move(validity)); }

    /// Messages in the selected mailbox, as last announced.
    [[nodiscard]] std::uint64_t exists() const { return told_.exists(); }
    /// More messages were announced since forget_arrivals().
    [[nodiscard]] bool arrivals() const { return told_.arrivals(); }
    void forget_arrivals() { told_.forget_arrivals(); }
    /// An Error has ended the session.
    [[nodiscard]] bool broken() const { return broken_; }

  private:
    struct Pending {
        std::size_t index = 0;
        std::size_t size = 0;
    };
    /// Commands sent and not answered yet, by tag, and who gets the answers.
    struct Exchange {
        std::map<std::string, Pending> pending;
        const Answered& answered;
        const Untagged& untagged;
    };

    Result<void> send(const ImapCommand& command, std::size_t index, Exchange& exchange);
    Result<void> wait_for_continuation(const std::string& tag, Exchange& exchange);
    Result<void> listen(Duration timeout, int stop_fd, Exchange& exchange);
    Result<void> handle(ImapResponse& response, Exchange& exchange);
    void read_login_reply();
    Result<void> write(std::string_view bytes);
    Result<ImapResponse> receive();
    /// Nothing at the end of `timeout` or when `stop_fd` is readable.
    Result<std::optional<ImapResponse>> receive(Duration timeout, int stop_fd);
    Result<std::optional<ImapResponse>> parse();
    Error broken_by(Error error);

    std::unique_ptr<ImapStream> stream_;
    ImapAnnouncements told_;
    ImapParser parser_;
    std::vector<char> buffer_;
    std::string_view unread_; ///< looks into buffer_
    ImapCapabilities announced_;
    std::uint64_t tags_ = 0;
    bool compressed_ = false;
    bool broken_ = false;
};

} // namespace nixie
