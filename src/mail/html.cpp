#include "mail/html.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "mail/html_entities.hpp"

namespace nixie {
namespace {

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_html_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

template <std::size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 27> blocks = {
    "p",       "div",     "tr",     "li",     "ul",    "ol",         "dl",   "dt",      "dd",
    "h1",      "h2",      "h3",     "h4",     "h5",    "h6",         "hr",   "br",      "table",
    "section", "article", "header", "footer", "title", "blockquote", "body", "caption", "form"};

constexpr std::size_t longest_tag_name = 64;
constexpr std::size_t longest_link = 512;

/// Text as it grows, its white space folded.
class Output {
  public:
    explicit Output(std::size_t expected) { text_.reserve(expected); }

    void text(std::string_view words) {
        for (const char c : words) {
            if (is_html_space(c)) {
                space();
            } else {
                flush_space();
                text_ += c;
            }
        }
    }
    void verbatim(std::string_view words) {
        flush_space();
        text_ += words;
    }
    void space() { space_ = true; }
    [[nodiscard]] std::size_t size() const { return text_.size(); }
    [[nodiscard]] bool holds_since(std::size_t at, char c) const { return text_.find(c, at) != std::string::npos; }
    void end_block() {
        if (!text_.empty() && text_.back() != '\n') text_ += '\n';
        space_ = false;
    }
    void line_feed() {
        text_ += '\n';
        space_ = false;
    }
    [[nodiscard]] std::string take() { return std::move(text_); }

  private:
    void flush_space() {
        if (space_ && !text_.empty() && text_.back() != '\n') text_ += ' ';
        space_ = false;
    }
    std::string text_;
    bool space_ = false;
};

class Renderer {
  public:
    explicit Renderer(std::string_view html) : rest_(html), out_(html.size() / 2) {}

    std::string run() {
        while (!rest_.empty()) {
            const auto* const mark =
                std::find_if(rest_.begin(), rest_.end(), [](char c) { return c == '<' || c == '&'; });
            const auto plain = static_cast<std::size_t>(mark - rest_.begin());
            put(rest_.substr(0, plain));
            rest_.remove_prefix(plain);
            if (rest_.empty()) break;
            if (rest_.front() == '&') {
                std::string character;
                take_entity(rest_, character);
                put(character);
            } else if (!take_markup()) {
                put("<");
                rest_.remove_prefix(1);
            }
        }
        return out_.take();
    }

  private:
    void put(std::string_view words) { pre_ > 0 ? out_.verbatim(words) : out_.text(words); }

    /// False if the '<' at the front is only a character.
    bool take_markup() {
        if (rest_.substr(0, 4) == "<!--" && comments_end_) {
            const auto end = rest_.find("-->", 4);
            comments_end_ = end != std::string_view::npos;
            if (comments_end_) {
                rest_.remove_prefix(end + 3);
                return true;
            }
        }
        std::size_t begin = 1;
        const bool closing = rest_.size() > 1 && rest_[1] == '/';
        if (closing) ++begin;
        if (begin >= rest_.size()) return false;
        const bool declaration = rest_[begin] == '!' || rest_[begin] == '?';
        if (!is_letter(rest_[begin]) && !declaration) return false;
        const auto name_end = rest_.substr(0, longest_tag_name).find_first_of(" \t\r\n\f/>@", begin);
        // "<someone@example.com>" that nobody escaped is text.
        if (name_end == std::string_view::npos || rest_[name_end] == '@') return false;
        const std::string name = to_lower(rest_.substr(begin, name_end - begin));
        const auto end = tag_end(name_end);
        if (end == std::string_view::npos) return false;
        const std::string_view attributes = rest_.substr(name_end, end - name_end);
        rest_.remove_prefix(end + 1);
        if (!declaration) apply(name, closing, attributes);
        return true;
    }

    /// Past '>' in quoted attribute values; once a quote was found open to the end of text, quotes count no more.
    std::size_t tag_end(std::size_t from) {
        if (quotes_close_) {
            char quote = '\0';
            for (std::size_t i = from; i < rest_.size(); ++i) {
                const char c = rest_[i];
                if (quote != '\0') {
                    if (c == quote) quote = '\0';
                } else if (c == '>') {
                    return i;
                } else if ((c == '"' || c == '\'') && rest_[i - 1] == '=') {
                    quote = c;
                }
            }
            quotes_close_ = false;
        }
        if (!tags_end_) return std::string_view::npos;
        const auto end = rest_.find('>', from);
        tags_end_ = end != std::string_view::npos;
        return end;
    }

    void apply(const std::string& name, bool closing, std::string_view attributes) {
        if (name == "a") {
            end_link();
            if (!closing) begin_link(attributes);
        } else if (name == "pre") {
            pre_ = closing ? std::max(0, pre_ - 1) : pre_ + 1;
            out_.end_block();
        } else if (name == "br") {
            out_.line_feed();
        } else if (one_of(name, blocks)) {
            out_.end_block();
        } else if (name == "td" || name == "th") {
            out_.space();
        } else if (!closing && (name == "script" || name == "style" || name == "head")) {
            skip_content(name);
        }
    }

    void begin_link(std::string_view attributes) {
        constexpr std::string_view scheme = "mailto:";
        const auto at = to_lower(attributes.substr(0, longest_link)).find(scheme);
        if (at == std::string::npos) return;
        const auto address = attributes.substr(at + scheme.size());
        link_ = address.substr(0, std::min(address.find_first_of("\"'?&> \t\r\n\f"), longest_link));
        link_at_ = out_.size();
    }

    /// Exchange names a recipient by a link to the address under the display name.
    void end_link() {
        if (link_.find('@') != std::string_view::npos && !out_.holds_since(link_at_, '@')) {
            put(" <");
            put(link_);
            put(">");
        }
        link_ = {};
    }

    /// Drops what stands before the end tag; a head also ends where the body begins. Without an end nothing is dropped.
    void skip_content(const std::string& name) {
        if (!contents_end_) return;
        const std::string end_tag = "</" + name;
        for (auto at = rest_.find('<'); at != std::string_view::npos; at = rest_.find('<', at + 1)) {
            const std::string_view tag = rest_.substr(at);
            if (starts_with_ignoring_case(tag, end_tag) ||
                (name == "head" && starts_with_ignoring_case(tag, "<body"))) {
                rest_.remove_prefix(at);
                return;
            }
        }
        contents_end_ = false;
    }

    std::string_view rest_;
    Output out_;
    std::string_view link_; ///< into the HTML: the address that the open link leads to
    std::size_t link_at_ = 0;
    int pre_ = 0;
    // Each turns false when a search ran to the end of the text in vain, so that no search does so twice.
    bool comments_end_ = true;
    bool quotes_close_ = true;
    bool tags_end_ = true;
    bool contents_end_ = true;
};

} // namespace

std::string html_to_text(std::string_view html) { return Renderer(html).run(); }

} // namespace nixie
