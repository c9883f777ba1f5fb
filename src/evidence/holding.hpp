// Which formats and signs of kinds a message answers to.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/format.hpp"

namespace nixie {

/// Which conditions hold for one message. Looks at formats, headers and `text` for as long as it lives.
class Holding {
  public:
    Holding(const Formats::Impl& formats, const Headers& headers, std::string_view text, std::string attachments = {});
    Holding(const Holding&) = delete;
    Holding& operator=(const Holding&) = delete;
    [[nodiscard]] bool all(const std::vector<Condition>& conditions) const;
    [[nodiscard]] bool any(const std::vector<Condition>& conditions) const;
    /// What was found in the text.
    [[nodiscard]] const Search& text() const { return text_; }
    /// Those whose conditions may hold, in their order; of most others that shows at once.
    [[nodiscard]] const std::vector<const Format*>& formats() const { return formats_; }
    enum class Signs { any, sure, unsure };
    /// The first rule of that kind that holds, or null.
    [[nodiscard]] const KindRule* find(Kind kind, Signs signs = Signs::any) const;

  private:
    void look_at(const Headers& headers, const HeaderNames& names);
    void find_candidates(const Formats::Impl& formats);
    [[nodiscard]] bool holds(const Condition& condition) const;

    std::deque<std::string> values_; ///< of header fields that must be tidied
    std::string attachment_names_;
    Search headers_;
    Search text_;
    Search attachments_;
    std::vector<const Format*> formats_;
    std::vector<const KindRule*> kinds_;
};

} // namespace nixie
