// Regular expressions: RE2 without regard to case, compiled when first needed, linear in the text.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "patterns/requirement.hpp"

namespace nixie {

/// One pattern. Thread-safe.
class Regex {
  public:
    /// What `^` and `$` stand for the ends of.
    enum class Ends { text, lines };
    /// Of groups. Looked into for as long as the Regex lives.
    using Names = std::span<const std::string_view>;

    /// Compiles nothing. A pattern with a complaint() is never found.
    explicit Regex(std::string source, Ends ends = Ends::text, Names names = {});
    Regex(Regex&&) noexcept;
    Regex& operator=(Regex&&) noexcept;
    ~Regex();

    /// Why the pattern cannot be used, or nothing. Compiles it.
    [[nodiscard]] std::optional<std::string> complaint() const;
    /// As given.
    [[nodiscard]] const std::string& source() const;
    [[nodiscard]] const Requirement& requirement() const;
    [[nodiscard]] Ends ends() const;

    [[nodiscard]] bool found_in(std::string_view text) const;
    /// The same for a line whose marks are known, at much less cost where it is not there.
    [[nodiscard]] bool found_in(std::string_view line, const LineMarks& marks) const;
    /// The first match. A view into `text`.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view text) const;
    [[nodiscard]] bool matches_whole(std::string_view text) const;
    /// The same for a text of which it is known what characters it holds.
    [[nodiscard]] bool matches_whole(std::string_view text, CharacterMask characters) const {
        return (gate_.characters & ~characters) == 0 && matches_whole(text);
    }
    /// The first match: groups[0] is all of it, groups[i] the group names[i - 1]. Views into `text`, empty for groups that took
    /// no part; unchanged where nothing is found. There is one more than names.
    [[nodiscard]] bool capture(std::string_view text, std::span<std::string_view> groups) const;
    [[nodiscard]] bool capture(std::string_view line, const LineMarks& marks, std::span<std::string_view> groups) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
    Gate gate_; ///< here, since most lines get no further
};

} // namespace nixie
