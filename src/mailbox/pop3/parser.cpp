#include "mailbox/pop3/parser.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace nixie {
namespace {

/// RFC 1939 allows 512; real servers add long explanations.
constexpr std::size_t max_line = 8192;

Error broken(std::string_view what) { return {ErrorCode::protocol, std::string(what), {}, {}}; }

} // namespace

void Pop3Parser::expect_line() { expected_.push_back({}); }
void Pop3Parser::expect_body(std::size_t keep_at_most) { expected_.push_back({true, keep_at_most, {}}); }
void Pop3Parser::expect_body(Pop3BodySink sink) { expected_.push_back({true, 0, std::move(sink)}); }

std::optional<Pop3Reply> Pop3Parser::next() {
    if (complete_.empty()) return std::nullopt;
    std::optional<Pop3Reply> reply(std::move(complete_.front()));
    complete_.pop_front();
    return reply;
}

Result<void> Pop3Parser::feed(std::string_view bytes) {
    while (!bytes.empty()) {
        if (state_ != State::status) {
            if (auto fed = feed_body(bytes); !fed) return fed;
            continue;
        }
        if (expected_.empty()) return broken("the POP3 server sent what was not asked for");
        if (auto fed = feed_status(bytes); !fed) return fed;
    }
    return {};
}

Result<void> Pop3Parser::feed_status(std::string_view& bytes) {
    const auto end = bytes.find('\n');
    const auto part = bytes.substr(0, end);
    if (line_.size() + part.size() > max_line) return broken("the POP3 server sent an endless line");
    line_ += part;
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (end == std::string_view::npos) return {};

    const std::string line = std::exchange(line_, {});
    const bool ok = starts_with_ignoring_case(line, "+OK");
    if (!ok && !starts_with_ignoring_case(line, "-ERR")) return broken("the POP3 server answered neither +OK nor -ERR");
    reply_.ok = ok;
    reply_.text = trim(std::string_view(line).substr(ok ? 3 : 4));
    if (ok && expected_.front().body)
        state_ = State::line_start;
    else
        finish();
    return {};
}

Result<void> Pop3Parser::keep(std::string_view bytes) {
    const Expected& expected = expected_.front();
    reply_.body_size += bytes.size();
    const std::size_t room = expected.keep_at_most - reply_.body.size();
    reply_.body += bytes.substr(0, std::min(room, bytes.size()));
    return expected.sink ? expected.sink(bytes) : Result<void>();
}

void Pop3Parser::finish() {
    complete_.push_back(std::exchange(reply_, {}));
    expected_.pop_front();
    state_ = State::status;
}

/// A line ends with CR LF only. Messages may hold a bare CR or LF, which a server does not stuff a dot after.
Result<void> Pop3Parser::feed_body(std::string_view& bytes) {
    const char c = bytes.front();
    switch (state_) {
        case State::line_start:
            state_ = c == '.' ? State::dot : State::text;
            if (c == '.') bytes.remove_prefix(1);
            return {};
        case State::dot: // whatever the dot stands before, it is not part of the line
            state_ = c == '\r' ? State::dot_cr : State::text;
            if (c == '\r') bytes.remove_prefix(1);
            return {};
        case State::dot_cr:
            if (c == '\n') {
                bytes.remove_prefix(1);
                finish();
                return {};
            }
            state_ = State::cr;
            return keep("\r");
        case State::cr:
            state_ = c == '\n' ? State::line_start : State::text;
            if (c != '\n') return {};
            bytes.remove_prefix(1);
            return keep("\n");
        case State::text:
        case State::status:
            break;
    }
    const auto end = bytes.find('\r');
    const auto piece = bytes.substr(0, end == std::string_view::npos ? bytes.size() : end + 1);
    bytes.remove_prefix(piece.size());
    if (end != std::string_view::npos) state_ = State::cr;
    return keep(piece);
}

} // namespace nixie
