#include "mailbox/imap/session.hpp"

#include <cassert>
#include <chrono>
#include <utility>

#include "mailbox/imap/deflate.hpp"
#include "mailbox/imap/refusal.hpp"
#include "mailbox/waiting.hpp"

namespace nixie {
namespace {

/// What may be under way at once. Few enough bytes for the sockets' buffers: a server that is busy sending need not read
/// for send() to return, so the two never wait for each other.
constexpr std::size_t pipeline_commands = 256;
constexpr std::size_t pipeline_bytes = 64'000;
constexpr std::size_t receive_size = 64 * 1024;
/// RFC 7888: LITERAL- allows non-synchronising literals up to this size.
constexpr std::size_t small_literal = 4096;

/// How much of a duration is left, not counting on the wall clock.
class Countdown {
  public:
    explicit Countdown(Duration duration) : end_(from_now(duration)) {}
    [[nodiscard]] Duration left() const { return std::chrono::ceil<Duration>(end_ - std::chrono::steady_clock::now()); }

  private:
    std::chrono::steady_clock::time_point end_;
};

} // namespace

ImapSession::ImapSession(std::unique_ptr<ImapStream> stream, ImapLog log)
    : stream_(std::move(stream)), told_(log ? std::move(log) : [](std::string_view) {}), buffer_(receive_size) {
    assert(stream_);
    announced_ = read_capabilities(stream_->announced());
    read_login_reply();
}

/// The tagged answer to the login may tell capabilities and alerts. It went to whoever logged in.
void ImapSession::read_login_reply() {
    const std::string reply = stream_->login_reply() + "\r\n";
    ImapParser parser;
    std::string_view bytes = reply;
    const auto response = parser.next(bytes);
    if (!response || !*response || (*response)->kind != ImapResponse::Kind::tagged) return;
    // Nothing but an untagged BYE is an Error here.
    (void)told_.note(**response).ok();
}

Result<void> ImapSession::compress() {
    if (compressed_ || !offers("COMPRESS=DEFLATE")) return {};
    compressed_ = true; // a refusal would be the same the next time
    const auto answer = run(ImapCommand("COMPRESS DEFLATE"));
    if (!answer) return answer.error();
    if (answer->name != "OK") return {};
    stream_ = deflated(std::move(stream_), unread_);
    unread_ = {};
    return {};
}

Result<ImapResponse> ImapSession::run(const ImapCommand& command, const Untagged& untagged) {
    auto answers = run_all({&command, 1}, untagged);
    if (!answers) return answers.error();
    return std::move(answers->front());
}

Result<ImapResponse> ImapSession::require(const ImapCommand& command, const Untagged& untagged) {
    auto answer = run(command, untagged);
    if (answer && answer->name != "OK") return refusal(command, *answer);
    return answer;
}

Result<std::vector<ImapResponse>> ImapSession::run_all(std::span<const ImapCommand> commands, const Untagged& untagged,
                                                       std::size_t known) {
    std::vector<ImapResponse> answers(commands.size());
    const Answered answered = [&](std::size_t index, ImapResponse&& answer) {
        answers[index] = std::move(answer);
        if (index < known) forget_arrivals();
    };
    if (auto run = run_all(commands, answered, untagged); !run) return run.error();
    return answers;
}

Result<void> ImapSession::run_all(std::span<const ImapCommand> commands, const Answered& answered,
                                  const Untagged& untagged) {
    std::size_t next = 0;
    const auto source = [&]() -> std::optional<ImapCommand> {
        if (next == commands.size()) return std::nullopt;
        return commands[next++];
    };
    return run_stream(pipeline_commands, source, answered, untagged);
}

Result<void> ImapSession::run_stream(std::size_t at_once, const Source& next, const Answered& answered,
                                     const Untagged& untagged) {
    Exchange exchange{{}, answered, untagged};
    const auto bytes_pending = [&] {
        std::size_t bytes = 0;
        for (const auto& sent : exchange.pending) bytes += sent.second.size;
        return bytes;
    };
    std::size_t index = 0;
    for (bool more = true; more || !exchange.pending.empty();) {
        const bool room =
            exchange.pending.size() < at_once && (exchange.pending.empty() || bytes_pending() < pipeline_bytes);
        if (more && room) {
            const auto command = next();
            more = command.has_value();
            if (!more) continue;
            if (auto sent = send(*command, index++, exchange); !sent) return sent.error();
            continue;
        }
        auto response = receive();
        if (!response) return response.error();
        if (auto handled = handle(*response, exchange); !handled) return handled.error();
    }
    return {};
}

Result<void> ImapSession::send(const ImapCommand& command, std::size_t index, Exchange& exchange) {
    const std::string tag = "n" + std::to_string(++tags_);
    exchange.pending.emplace(tag, Pending{index, command.size()});
    const auto& pieces = command.pieces();
    std::string bytes = tag + " " + pieces.front();
    for (std::size_t i = 1; i < pieces.size(); i += 2) {
        const std::string& literal = pieces[i];
        const bool at_once = offers("LITERAL+") || (offers("LITERAL-") && literal.size() <= small_literal);
        bytes += "{" + std::to_string(literal.size()) + (at_once ? "+}\r\n" : "}\r\n");
        if (!at_once) {
            if (auto sent = write(bytes); !sent) return sent;
            bytes.clear();
            if (auto asked = wait_for_continuation(tag, exchange); !asked) return asked;
            if (!exchange.pending.contains(tag)) return {}; // refused
        }
        bytes += literal + pieces[i + 1];
    }
    return write(bytes + "\r\n");
}

/// Until the server asks for more of the command `tag`, or answers it.
Result<void> ImapSession::wait_for_continuation(const std::string& tag, Exchange& exchange) {
    while (exchange.pending.contains(tag)) {
        auto response = receive();
        if (!response) return response.error();
        if (response->kind == ImapResponse::Kind::continuation) return {};
        if (auto handled = handle(*response, exchange); !handled) return handled;
    }
    return {};
}

Result<void> ImapSession::handle(ImapResponse& response, Exchange& exchange) {
    if (auto noted = told_.note(response); !noted) return broken_by(noted.error());
    switch (response.kind) {
        case ImapResponse::Kind::continuation:
            return broken_by({ErrorCode::protocol, "the server asks for more of a command that is complete"});
        case ImapResponse::Kind::tagged: {
            const auto sent = exchange.pending.find(response.tag);
            if (sent == exchange.pending.end())
                return broken_by({ErrorCode::protocol, "the server answers a command that was not sent"});
            const std::size_t index = sent->second.index;
            exchange.pending.erase(sent);
            exchange.answered(index, std::move(response));
            return {};
        }
        case ImapResponse::Kind::untagged:
            break;
    }
    if (!exchange.untagged) return {};
    auto handled = exchange.untagged(response);
    return handled ? handled : Result<void>(broken_by(handled.error()));
}

Result<void> ImapSession::idle(Duration timeout, int stop_fd) {
    const ImapCommand command("IDLE");
    const std::string tag = "n" + std::to_string(++tags_);
    const Untagged nobody;
    ImapResponse answer;
    const Answered answered = [&](std::size_t /*index*/, ImapResponse&& response) { answer = std::move(response); };
    Exchange exchange{{{tag, {}}}, answered, nobody};
    if (auto sent = write(tag + " IDLE\r\n"); !sent) return sent;
    if (auto begun = wait_for_continuation(tag, exchange); !begun) return begun;
    if (!exchange.pending.empty()) {
        if (auto heard = listen(timeout, stop_fd, exchange); !heard) return heard;
    }
    // The server may have ended IDLE by itself.
    if (!exchange.pending.empty()) {
        if (auto sent = write("DONE\r\n"); !sent) return sent;
    }
    while (!exchange.pending.empty()) {
        auto response = receive();
        if (!response) return response.error();
        if (auto handled = handle(*response, exchange); !handled) return handled;
    }
    if (answer.name != "OK") return refusal(command, answer);
    return {};
}

Result<void> ImapSession::listen(Duration timeout, int stop_fd) {
    const Untagged nobody;
    const Answered nothing_asked;
    Exchange nothing_sent{{}, nothing_asked, nobody};
    return listen(timeout, stop_fd, nothing_sent);
}

/// Ends early also when a command of `exchange` is answered.
Result<void> ImapSession::listen(Duration timeout, int stop_fd, Exchange& exchange) {
    const Countdown countdown(timeout);
    const std::size_t pending = exchange.pending.size();
    while (!arrivals() && exchange.pending.size() == pending) {
        auto response = receive(countdown.left(), stop_fd);
        if (!response) return response.error();
        if (!*response) return {};
        if (auto handled = handle(**response, exchange); !handled) return handled;
    }
    return {};
}

void ImapSession::log_out() {
    // First UNSELECT (RFC 3691): some servers expunge at the end what other clients have marked deleted.
    const std::string unselect = offers("UNSELECT") ? "n" + std::to_string(++tags_) + " UNSELECT\r\n" : "";
    // What the connection does with it shows in nothing that was confirmed before.
    (void)write(unselect + "n" + std::to_string(++tags_) + " LOGOUT\r\n").ok();
}

Result<void> ImapSession::write(std::string_view bytes) {
    auto sent = stream_->send(bytes);
    return sent ? sent : Result<void>(broken_by(sent.error()));
}

Result<std::optional<ImapResponse>> ImapSession::parse() {
    auto response = parser_.next(unread_);
    if (!response) return broken_by(response.error());
    return response;
}

Result<ImapResponse> ImapSession::receive() {
    while (true) {
        auto response = parse();
        if (!response) return response.error();
        if (*response) return std::move(**response);
        const auto count = stream_->receive(buffer_);
        if (!count) return broken_by(count.error());
        unread_ = {buffer_.data(), *count};
    }
}

Result<std::optional<ImapResponse>> ImapSession::receive(Duration timeout, int stop_fd) {
    const Countdown countdown(timeout);
    for (Duration left = timeout; left > Duration::zero(); left = countdown.left()) {
        auto response = parse();
        if (!response || *response) return response;
        const auto count = stream_->receive(buffer_, left, stop_fd);
        if (!count) return broken_by(count.error());
        if (*count == 0) break;
        unread_ = {buffer_.data(), *count};
    }
    return std::optional<ImapResponse>{};
}

Error ImapSession::broken_by(Error error) {
    broken_ = true;
    return error;
}

} // namespace nixie
