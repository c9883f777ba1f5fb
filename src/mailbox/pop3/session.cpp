#include "mailbox/pop3/session.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/text.hpp"
#include "mailbox/server_wait.hpp"

namespace nixie {
namespace {

/// Enough to hide the way there and back; few enough that both sides' buffers always take the commands, so that server
/// and worker never both wait for the other to read.
constexpr std::size_t window = 64;
constexpr std::size_t max_capabilities = 64 * 1024;
constexpr Duration longest_login_delay = std::chrono::hours(24);

} // namespace

std::string numbered(std::string_view command, std::size_t number) {
    return std::string(command) + " " + std::to_string(number);
}

Pop3Session::Pop3Session(Connection connection, std::string url)
    : connection_(std::move(connection)), url_(std::move(url)) {}

/// UTF8 of RFC 6856 would have to come before the login, which is libcurl's: a server with such mail hands over the surrogate that
/// RFC 6858 describes.
Result<Pop3Session> Pop3Session::open(const Endpoint& endpoint) {
    auto connection = Connection::open(endpoint);
    if (!connection) return connection.error();
    Pop3Session session(std::move(connection).value(), endpoint.url);
    const auto reply = session.ask({"CAPA", Pop3Command::Answer::body, max_capabilities});
    if (!reply) return reply.error();
    std::string_view rest = reply->body, line;
    while (next_line(rest, line)) session.capabilities_.emplace_back(printable(trim(line)));
    return session;
}

bool Pop3Session::has(std::string_view capability) const {
    return std::any_of(capabilities_.begin(), capabilities_.end(), [&](std::string_view line) {
        return equals_ignoring_case(line.substr(0, line.find(' ')), capability);
    });
}

Result<Pop3Reply> Pop3Session::ask(const Pop3Command& command) {
    Pop3Reply out;
    const auto asked = ask_all({&command, 1}, [&](std::size_t /*index*/, Pop3Reply&& reply) {
        out = std::move(reply);
        return Result<void>();
    });
    if (!asked) return asked.error();
    return out;
}

Result<void> Pop3Session::ask_all(std::span<const Pop3Command> commands, const OnReply& on_reply) {
    const std::size_t at_once = has("PIPELINING") ? window : 1;
    std::size_t sent = 0;
    for (std::size_t answered = 0; answered < commands.size(); ++answered) {
        std::string lines;
        if (sent - answered <= at_once / 2)
            for (; sent < commands.size() && sent - answered < at_once; ++sent) {
                const auto& command = commands[sent];
                lines += command.text + "\r\n";
                if (command.sink)
                    parser_.expect_body(command.sink);
                else if (command.answer == Pop3Command::Answer::body)
                    parser_.expect_body(command.keep_at_most);
                else
                    parser_.expect_line();
            }
        if (auto written = connection_.send(lines); !written) return written;
        auto reply = receive();
        if (!reply) return reply.error();
        if (auto handled = on_reply(answered, std::move(reply).value()); !handled) return handled;
    }
    return {};
}

Result<Pop3Reply> Pop3Session::receive() {
    std::array<char, 16 * 1024> buffer{};
    while (true) {
        if (auto reply = parser_.next()) return std::move(*reply);
        const auto got = connection_.receive(buffer);
        if (!got) return got.error();
        if (auto fed = parser_.feed({buffer.data(), *got}); !fed) {
            Error error = fed.error();
            error.where = url_;
            return error;
        }
    }
}

Duration Pop3Session::login_delay() const {
    constexpr std::string_view name = "LOGIN-DELAY ";
    Duration::rep seconds = 0;
    for (const std::string_view line : capabilities_)
        if (starts_with_ignoring_case(line, name))
            std::from_chars(line.data() + name.size(), line.data() + line.size(), seconds);
    return std::clamp(Duration{seconds}, Duration{0}, longest_login_delay);
}

/// RFC 2449 section 8 and RFC 3206.
Error Pop3Session::refused(std::string_view command, const Pop3Reply& reply) const {
    constexpr Duration until_mended = std::chrono::hours(1);
    Error error{ErrorCode::unavailable, std::string(command) + " refused: " + printable(clip(reply.text, 200)), url_,
                "try again later", server_wait(reply.text)};
    if (starts_with_ignoring_case(reply.text, "[SYS/PERM]")) {
        error.remedy = "tell those who run the server: this does not pass by itself";
        if (!error.wait) error.wait = until_mended;
    }
    if (starts_with_ignoring_case(reply.text, "[AUTH]")) error.code = ErrorCode::refused_login;
    if (starts_with_ignoring_case(reply.text, "[IN-USE]")) error.remedy = "end the other session, or try again later";
    return error;
}

} // namespace nixie
