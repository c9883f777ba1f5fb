// Replies of a POP3 server, read as their bytes come in.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "nixie/result.hpp"

namespace nixie {

struct Pop3Reply {
    bool ok = false;
    std::string text;          ///< after "+OK" or "-ERR", without the line's end
    std::string body;          ///< without dot-stuffing and the final dot; at most as long as asked for
    std::size_t body_size = 0; ///< of the whole body
};

/// Takes a body as its bytes come; an error ends the session.
using Pop3BodySink = std::function<Result<void>(std::string_view)>;

/// RFC 1939: a reply is one line, and after "+OK" to some commands a body that a line with one dot ends. Only the
/// command tells which, so each is announced, in the order of the commands. The replies do not depend on how the input
/// is split. Memory is bounded by the limits given.
class Pop3Parser {
  public:
    void expect_line();
    void expect_body(std::size_t keep_at_most);
    /// Of this body nothing is kept.
    void expect_body(Pop3BodySink sink);

    /// An error (protocol, or a sink's) ends the session: what follows cannot be understood.
    Result<void> feed(std::string_view bytes);
    /// The next complete reply, if there is one.
    std::optional<Pop3Reply> next();

  private:
    enum class State { status, line_start, dot, dot_cr, text, cr };

    struct Expected {
        bool body = false;
        std::size_t keep_at_most = 0;
        Pop3BodySink sink;
    };

    Result<void> feed_status(std::string_view& bytes);
    Result<void> feed_body(std::string_view& bytes);
    Result<void> keep(std::string_view bytes);
    void finish();

    std::deque<Expected> expected_;
    std::deque<Pop3Reply> complete_;
    Pop3Reply reply_;
    std::string line_;
    State state_ = State::status;
};

} // namespace nixie
