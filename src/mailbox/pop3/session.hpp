// Commands and replies over one POP3 connection.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "mailbox/connection.hpp"
#include "mailbox/pop3/parser.hpp"
#include "nixie/result.hpp"

namespace nixie {

struct Pop3Command {
    enum class Answer { line, body };
    std::string text; ///< without the line's end
    Answer answer = Answer::line;
    std::size_t keep_at_most = 0; ///< of the body
    Pop3BodySink sink = {};       ///< gets the body as it comes; then none of it is kept
};

/// "RETR 5"
std::string numbered(std::string_view command, std::size_t number);

/// Not thread-safe. After an error of any call the session is of no use. Ends without QUIT, unless it is sent.
class Pop3Session {
  public:
    /// Logs in and asks for the server's capabilities.
    static Result<Pop3Session> open(const Endpoint& endpoint);

    /// As the server spells them, such as "PIPELINING" and "IMPLEMENTATION dovecot"; empty if it knows no CAPA.
    [[nodiscard]] const std::vector<std::string>& capabilities() const { return capabilities_; }
    [[nodiscard]] bool has(std::string_view capability) const;
    /// The time that must lie between two logins (RFC 2449 section 6.5); zero if the server wants none.
    [[nodiscard]] Duration login_delay() const;

    /// A refusal (-ERR) is a reply, not an error.
    Result<Pop3Reply> ask(const Pop3Command& command);
    using OnReply = std::function<Result<void>(std::size_t index, Pop3Reply&& reply)>;
    /// Sends all, many at a time if the server takes that, and hands over the replies in the order of the commands.
    Result<void> ask_all(std::span<const Pop3Command> commands, const OnReply& on_reply);
    /// The server's "no" to what it must grant.
    [[nodiscard]] Error refused(std::string_view command, const Pop3Reply& reply) const;

  private:
    Pop3Session(Connection connection, std::string url);
    Result<Pop3Reply> receive();

    Connection connection_;
    std::string url_;
    Pop3Parser parser_;
    std::vector<std::string> capabilities_;
};

} // namespace nixie
