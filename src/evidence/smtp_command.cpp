#include "evidence/smtp_command.hpp"

#include <array>
#include <cstdint>
#include <utility>

#include "base/text.hpp"
#include "evidence/pattern.hpp"
#include "patterns/folding.hpp"
#include "patterns/literal_index.hpp"

namespace nixie {
namespace {

using Spelling = std::pair<std::string_view, std::string_view>;

/// What a command's name begins with, in small letters, and its own name. The message itself and its end go with DATA.
constexpr std::array<Spelling, 16> spellings{{
    {"rcpt", "RCPT"},
    {"recipient", "RCPT"},
    {"mail", "MAIL"},
    {"sender", "MAIL"},
    {"data", "DATA"},
    {"text", "DATA"},
    {"body", "DATA"},
    {"end of data", "DATA"},
    {"bdat", "DATA"},
    {"ehlo", "EHLO"},
    {"helo", "EHLO"},
    {"lhlo", "EHLO"},
    {"starttls", "STARTTLS"},
    {"auth", "AUTH"},
    {"initial", "CONNECT"},
    {"connect", "CONNECT"},
}};

/// Wordings that tell the command without naming it: qmail's, Postfix's, and the states of Google's old reports.
constexpr std::array<Spelling, 11> sentences{{
    {"does not like recipient", "RCPT"},
    {"but sender was rejected", "MAIL"},
    {"failed on DATA command", "DATA"},
    {"failed after I sent the message", "DATA"},
    {"but greeting failed", "CONNECT"},
    {"but my name was rejected", "EHLO"},
    {"refused to talk to me", "CONNECT"},
    {"while receiving the initial server greeting", "CONNECT"},
    {"(state 13)", "MAIL"},
    {"(state 14)", "RCPT"},
    {"(state 18)", "DATA"},
}};

/// Postfix's "(in reply to RCPT TO command)" and "while sending end of data"; Exim's and GMX's "SMTP error from remote
/// mail server after end of data"; DragonFly's "did not like our RCPT TO".
const Pattern& naming() {
    static const Pattern pattern = Pattern::trusted(
        R"((?:in reply to |did not like our |while (?:sending|performing the) )"
        R"(|SMTP (?:error|timeout) (?:from remote|while connected)[^<]{0,100}? (?:after|for) )(?:the |pipelined )*)"
        R"((?P<command>rcpt|mail|data|end of data|text|ehlo|helo|lhlo|starttls|auth|bdat|initial))");
    return pattern;
}

/// Yahoo's "[RCPT_TO]" at the end of a reply.
const Pattern& tag() {
    static const Pattern pattern =
        Pattern::trusted(R"(\[(?P<command>RCPT|MAIL|DATA|BODY|EHLO|HELO)(?:_(?:TO|FROM))?\]\s*$)");
    return pattern;
}

/// A transcript's last command before the first failure.
std::string command_of_transcript(std::string_view text) {
    static const Pattern answered = Pattern::trusted(R"(>>> (?P<command>[A-Z]+)[^\n]*\s<<< [45][0-9][0-9])");
    // Where commands were sent together the answer to RCPT stands below DATA, and DATA has a refusal of its own.
    static const Pattern pipelined = Pattern::trusted(R"(<<< (?:503|554[ -]5\.5\.1)|no valid recipients|need RCPT)");
    Groups groups;
    if (!answered.match(text, groups)) return {};
    auto command = normal_command(groups[Group::command]);
    if (command == "DATA" && pipelined.found_in(text)) return "RCPT";
    return command;
}

/// Which ways to tell a command a text may hold, found in one pass: most hold none.
class Signs {
  public:
    explicit Signs(std::string_view text) {
        if (folds_oddly(text)) {
            found_ = ~std::uint32_t{0};
            return;
        }
        words().find(fold_case(text), [&](const LiteralIndex::Hit& hit) {
            found_ |= hit.word < sentences.size() ? 1U << hit.word : hit.word == sentences.size() ? transcript : named;
        });
    }
    [[nodiscard]] bool may_be_named() const { return (found_ & named) != 0; }
    [[nodiscard]] bool may_hold_sentence(std::size_t index) const { return (found_ >> index & 1U) != 0; }
    [[nodiscard]] bool may_be_transcript() const { return (found_ & transcript) != 0; }

  private:
    static constexpr std::uint32_t named = 1U << 30;
    static constexpr std::uint32_t transcript = 1U << 31;

    /// The sentences in their order, what a transcript holds, and then the beginnings of naming().
    static const LiteralIndex& words() {
        static const LiteralIndex index = [] {
            LiteralIndex out;
            for (const auto& [sentence, name] : sentences) out.add(fold_case(sentence));
            for (const auto* const word : {">>> ", "in reply to ", "did not like our ", "while sending ",
                                           "while performing the ", "smtp error ", "smtp timeout "})
                out.add(word);
            out.finish();
            return out;
        }();
        return index;
    }
    std::uint32_t found_ = 0;
};

} // namespace

std::string normal_command(std::string_view written) {
    for (const auto& [spelling, name] : spellings)
        if (starts_with_ignoring_case(written, spelling)) return std::string(name);
    return {};
}

std::string find_command(std::string_view text) {
    const Signs signs(text);
    Groups groups;
    if (signs.may_be_named() && naming().match(text, groups)) return normal_command(groups[Group::command]);
    if (text.find('[') != std::string_view::npos && tag().match(text, groups))
        return normal_command(groups[Group::command]);
    for (std::size_t i = 0; i < sentences.size(); ++i)
        if (signs.may_hold_sentence(i) && text.find(sentences[i].first) != std::string_view::npos)
            return std::string(sentences[i].second);
    return signs.may_be_transcript() ? command_of_transcript(text) : std::string();
}

} // namespace nixie
