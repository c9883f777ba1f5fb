// An IMAP command before it is sent.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nixie {

/// A command without its tag. Strings go out quoted, or as literals where a quoted string cannot carry them.
class ImapCommand {
  public:
    explicit ImapCommand(std::string_view text) : pieces_{std::string(text)} {}

    ImapCommand& text(std::string_view text);
    ImapCommand& string(std::string_view value);
    /// A literal, whatever `value` holds.
    ImapCommand& literal(std::string_view value);

    /// For error messages: the first words, no arguments.
    [[nodiscard]] std::string verb() const;
    /// Text and literals in turn, beginning and ending with text.
    [[nodiscard]] const std::vector<std::string>& pieces() const { return pieces_; }
    [[nodiscard]] std::size_t size() const;

  private:
    std::vector<std::string> pieces_;
};

} // namespace nixie
