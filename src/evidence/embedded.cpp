#include "evidence/embedded.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace nixie {
namespace {

/// The most bytes of an embedded message that are read.
constexpr std::size_t most_embedded = 64 * 1024;
/// Fewer quoted lines than these are no message.
constexpr int least_quoted_lines = 3;

/// The header lines that mail clients put above a forwarded message, in the languages of their makers, and those that any
/// message begins with.
constexpr std::array<std::string_view, 28> header_names{
    "From",        "To",       "Subject",    "Date",     "Sent",    "Cc",    "Reply-To",
    "Return-Path", "Received", "Message-ID", "X-Mailer", "Von",     "An",    "Datum",
    "Betreff",     "Gesendet", "De",         "À",        "A",       "Objet", "Envoyé",
    "Asunto",      "Para",     "Da",         "Oggetto",  "Inviato", "Data",  "Assunto"};

/// What the clients' words are called in a message. Those of English are the same.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> translations{{{"Von", "From"},
                                                                                      {"De", "From"},
                                                                                      {"Da", "From"},
                                                                                      {"An", "To"},
                                                                                      {"À", "To"},
                                                                                      {"A", "To"},
                                                                                      {"Para", "To"},
                                                                                      {"Betreff", "Subject"},
                                                                                      {"Objet", "Subject"},
                                                                                      {"Asunto", "Subject"},
                                                                                      {"Oggetto", "Subject"},
                                                                                      {"Assunto", "Subject"}}};

constexpr std::array<std::string_view, 14> forward_lines{
    "Begin forwarded message", "Forwarded message",       "Forwarded Message",         "Original Message",
    "Original-Nachricht",      "Ursprüngliche Nachricht", "Weitergeleitete Nachricht", "Message d'origine",
    "Message transféré",       "Mensaje original",        "Mensaje reenviado",         "Messaggio originale",
    "Messaggio inoltrato",     "Mensagem original"};

/// A line such as "-----Original Message-----" or "Begin forwarded message:".
bool says_forwarded(std::string_view line) {
    constexpr std::size_t longest = 100;
    if (line.size() > longest) return false;
    while (!line.empty() && std::string_view("-_=> *\t").find(line.front()) != std::string_view::npos)
        line.remove_prefix(1);
    return std::any_of(forward_lines.begin(), forward_lines.end(),
                       [&](std::string_view known) { return starts_with_ignoring_case(line, known); });
}

std::size_t quote_depth(std::string_view line) {
    std::size_t depth = 0;
    for (const char c : line) {
        if (c == '>')
            ++depth;
        else if (c != ' ')
            break;
    }
    return depth;
}

/// The line with so many quote marks, and the blank behind each, taken away.
std::string_view unquoted_line(std::string_view line, std::size_t depth) {
    for (std::size_t i = 0; i < depth; ++i) {
        const auto mark = line.find_first_not_of(' ');
        if (mark == std::string_view::npos || line[mark] != '>') break;
        line.remove_prefix(mark + 1);
        if (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    }
    return line;
}

/// "*From:* …" of a client that shows bold letters with stars.
std::string_view without_stars(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || line.front() != '*') return line;
    return line.substr(1);
}

std::string_view header_name(std::string_view line) {
    const auto name = trim(line.substr(0, std::min<std::size_t>(line.find(':'), 40)));
    if (name.size() >= line.size() || line.find(':') == std::string_view::npos) return {};
    for (const auto known : header_names)
        if (equals_ignoring_case(name, known)) return known;
    return {};
}

/// The header line under its usual name.
std::string translated(std::string_view line, std::string_view name) {
    auto value = line.substr(line.find(':') + 1);
    while (!value.empty() && value.front() == '*') value.remove_prefix(1);
    for (const auto& [foreign, usual] : translations)
        if (name == foreign) return std::string(usual) + ":" + std::string(value);
    return std::string(name) + ":" + std::string(value);
}

/// Puts the lines of an embedded message together.
class Gatherer {
  public:
    void take(std::string_view line) {
        if (text_.size() >= most_embedded) return;
        if (at_top_ && trim(line).empty()) return;
        if (in_header_) {
            if (trim(line).empty()) {
                in_header_ = false;
            } else if (at_top_) {
                const auto name = header_name(without_stars(line));
                in_header_ = !name.empty();
                if (!in_header_) text_ += '\n';
            }
        }
        at_top_ = false;
        const auto plain = in_header_ ? without_stars(line) : line;
        const auto name = in_header_ ? header_name(plain) : std::string_view{};
        text_ += name.empty() ? std::string(plain) : translated(plain, name);
        text_ += '\n';
    }
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    std::string text_;
    bool at_top_ = true;
    bool in_header_ = true;
};

/// From the first quoted line, or the one behind a line that says that a message follows, to the end.
std::string embedded_text(std::string_view text) {
    text = text.substr(0, most_embedded);
    std::string_view rest = text;
    std::string_view line;
    std::size_t depth = 0;
    int quoted = 0;
    bool inside = false;
    Gatherer out;
    while (next_line(rest, line)) {
        const auto here = quote_depth(line);
        if (!inside) {
            inside = here > 0 || says_forwarded(line);
            if (!inside || here == 0) continue;
        }
        if (here > 0 && depth == 0 && quoted == 0) {
            // A forwarded message's own header may stand unquoted above quoted text; the frame ends where quoting begins.
            depth = here;
        }
        quoted += here > 0 ? 1 : 0;
        if (says_forwarded(unquoted_line(line, depth)) && out.text().empty()) continue;
        out.take(unquoted_line(line, depth));
    }
    const bool enough = depth == 0 || quoted >= least_quoted_lines;
    return enough ? out.text() : std::string();
}

} // namespace

std::optional<Message> embedded_message(const Prose& prose) {
    for (const auto& piece : prose.pieces) {
        const auto text = embedded_text(piece.text);
        if (!trim(text).empty()) return parse_message(text);
    }
    if (trim(prose.returned).empty()) return std::nullopt;
    Gatherer out;
    std::string_view rest = prose.returned.substr(0, most_embedded);
    std::string_view line;
    const auto depth = quote_depth(rest.substr(0, rest.find('\n')));
    while (next_line(rest, line)) out.take(unquoted_line(line, depth));
    return trim(out.text()).empty() ? std::nullopt : std::optional(parse_message(out.text()));
}

bool is_answer(const Headers& headers) {
    if (headers.get("In-Reply-To").empty()) return false;
    constexpr std::array<std::string_view, 5> marks{"re:", "aw:", "sv:", "antw:", "odp:"};
    const auto subject = trim(headers.get("Subject"));
    return std::any_of(marks.begin(), marks.end(),
                       [&](std::string_view mark) { return starts_with_ignoring_case(subject, mark); });
}

} // namespace nixie
