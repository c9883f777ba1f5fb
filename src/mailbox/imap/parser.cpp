#include "mailbox/imap/parser.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.hpp"

namespace nixie {
namespace {

/// A literal's room is set aside in one piece up to here; beyond, only as its bytes arrive.
constexpr std::size_t reserve_limit = std::size_t{1} << 20;

template <class Number>
std::optional<Number> to_number(std::string_view text) {
    Number number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return number;
}

bool is_status(std::string_view name) {
    return name == "OK" || name == "NO" || name == "BAD" || name == "BYE" || name == "PREAUTH";
}

} // namespace

Result<std::optional<ImapResponse>> ImapParser::next(std::string_view& bytes) {
    while (!error_ && !complete_ && !bytes.empty()) {
        if (state_ == State::literal) {
            take_literal(bytes);
            continue;
        }
        const char c = bytes.front();
        bytes.remove_prefix(1);
        if (++line_ > limits_.line) fail("a line is longer than " + std::to_string(limits_.line) + " bytes");
        if (!error_) step(c);
    }
    if (error_) return *error_;
    if (!complete_) return std::optional<ImapResponse>{};
    std::optional<ImapResponse> done(std::move(response_));
    reset();
    return done;
}

void ImapParser::reset() {
    response_ = {};
    state_ = State::head;
    word_.clear();
    lists_.clear();
    line_ = literals_ = values_ = 0;
    complete_ = false;
}

void ImapParser::fail(std::string what) {
    error_ = Error{ErrorCode::protocol, "the server's answer cannot be read: " + std::move(what)};
}

void ImapParser::step(char c) {
    if (c == '\n') {
        carriage_return_ = false;
        end_line();
        return;
    }
    if (carriage_return_) {
        if (state_ != State::text) return fail("a line ends with CR alone");
        word_ += '\r';
        carriage_return_ = false;
    }
    if (c == '\r') {
        carriage_return_ = true;
        return;
    }
    switch (state_) {
        case State::head:
        case State::number_or_name:
        case State::name:
            if (c == ' ') return end_word();
            word_ += c;
            return;
        case State::text:
            word_ += c;
            return;
        case State::between:
            return begin_value(c);
        case State::atom:
            return continue_atom(c);
        case State::quoted:
            if (c == '"') return add(ImapValue::Kind::string, std::exchange(word_, {}));
            if (c == '\\') {
                state_ = State::escaped;
                return;
            }
            word_ += c;
            return;
        case State::escaped:
            word_ += c;
            state_ = State::quoted;
            return;
        case State::size:
            return continue_size(c);
        case State::size_end:
            return fail("no line end after the size of a literal");
        case State::literal:
            return; // next() takes these
    }
}

/// The line is over: the response too, unless a literal follows.
void ImapParser::end_line() {
    switch (state_) {
        case State::size_end:
            return begin_literal();
        case State::head:
            // Some servers send empty lines between responses; they say nothing.
            if (word_.empty()) {
                line_ = 0;
                return;
            }
            [[fallthrough]];
        case State::number_or_name:
        case State::name:
            end_word();
            break;
        case State::atom:
            end_atom();
            break;
        case State::quoted:
        case State::escaped:
            fail("a quoted string does not end");
            break;
        case State::size:
            fail("the size of a literal does not end");
            break;
        case State::text:
        case State::between:
        case State::literal:
            break;
    }
    if (error_) return;
    if (state_ == State::text)
        split_text();
    else if (state_ != State::between)
        return fail("a response without a name");
    if (!lists_.empty()) return fail("a list does not end");
    complete_ = true;
}

/// A word before the data: tag or mark, number, name.
void ImapParser::end_word() {
    const std::string word = std::exchange(word_, {});
    if (word.empty()) return fail("a space too many before the response's name");
    if (state_ == State::head) {
        response_.kind = word == "*"   ? ImapResponse::Kind::untagged
                         : word == "+" ? ImapResponse::Kind::continuation
                                       : ImapResponse::Kind::tagged;
        if (response_.kind == ImapResponse::Kind::tagged) response_.tag = word;
        state_ = response_.kind == ImapResponse::Kind::continuation ? State::text : State::number_or_name;
        return;
    }
    if (state_ == State::number_or_name && response_.kind == ImapResponse::Kind::untagged) {
        response_.number = to_number<std::uint64_t>(word);
        if (response_.number) {
            state_ = State::name;
            return;
        }
    }
    response_.name = to_upper(word);
    state_ = is_status(response_.name) && !response_.number ? State::text : State::between;
    if (response_.kind == ImapResponse::Kind::tagged && state_ != State::text) fail("a tagged answer without a status");
}

void ImapParser::begin_value(char c) {
    switch (c) {
        case ' ':
            return;
        case '(':
            if (lists_.size() >= limits_.depth) return fail("lists are nested too deep");
            if (++values_ > limits_.values) return fail("too many values in one response");
            lists_.emplace_back();
            return;
        case ')':
            return end_list();
        case '"':
            state_ = State::quoted;
            return;
        case '{':
            state_ = State::size;
            return;
        default:
            state_ = State::atom;
            return continue_atom(c);
    }
}

/// True where the word is BODY or the like among the items of a FETCH: a section may hold spaces and parentheses, while
/// '[' in a flag or a folder's name is an ordinary character.
bool ImapParser::opens_section() const {
    return response_.name == "FETCH" && lists_.size() == 1 &&
           (equals_ignoring_case(word_, "BODY") || starts_with_ignoring_case(word_, "BINARY"));
}

void ImapParser::continue_atom(char c) {
    if (section_) {
        word_ += c;
        section_ = c != ']';
        return;
    }
    if (c == ' ' || c == '(' || c == ')') {
        end_atom();
        if (!error_) begin_value(c);
        return;
    }
    if (c == '{' && word_ == "~") { // literal8, RFC 3516
        word_.clear();
        state_ = State::size;
        return;
    }
    section_ = c == '[' && opens_section();
    word_ += c;
}

void ImapParser::end_atom() {
    if (section_) return fail("the brackets of a section do not end");
    if (response_.name == "SEARCH" && lists_.empty()) return add_number();
    const bool nil = equals_ignoring_case(word_, "NIL");
    add(nil ? ImapValue::Kind::nil : ImapValue::Kind::atom, std::exchange(word_, {}));
}

void ImapParser::add_number() {
    const auto number = to_number<std::uint32_t>(word_);
    if (!number) return fail("SEARCH gives something that is no number");
    response_.numbers.push_back(*number);
    word_.clear();
    state_ = State::between;
}

void ImapParser::add(ImapValue::Kind kind, std::string&& text) {
    if (++values_ > limits_.values) return fail("too many values in one response");
    auto& values = lists_.empty() ? response_.values : lists_.back();
    values.push_back({kind, std::move(text), {}});
    state_ = State::between;
}

void ImapParser::end_list() {
    if (lists_.empty()) return fail("a list ends that never began");
    ImapValue list{ImapValue::Kind::list, {}, std::move(lists_.back())};
    lists_.pop_back();
    auto& values = lists_.empty() ? response_.values : lists_.back();
    values.push_back(std::move(list));
}

void ImapParser::continue_size(char c) {
    if (c == '}') {
        state_ = State::size_end;
        return;
    }
    // "{12+}" is the client's form, yet harmless.
    const bool digit = c >= '0' && c <= '9' && word_.find('+') == std::string::npos;
    if (!digit && (c != '+' || word_.empty())) return fail("the size of a literal is no number");
    word_ += c;
}

void ImapParser::begin_literal() {
    const auto size = to_number<std::size_t>(std::string_view(word_).substr(0, word_.find('+')));
    if (!size || *size > limits_.literals - literals_)
        return fail("a literal is larger than " + std::to_string(limits_.literals) + " bytes");
    literals_ += *size;
    missing_ = *size;
    word_.clear();
    if (missing_ == 0) return add(ImapValue::Kind::string, std::exchange(word_, {}));
    word_.reserve(std::min(missing_, reserve_limit));
    state_ = State::literal;
}

void ImapParser::take_literal(std::string_view& bytes) {
    const auto part = bytes.substr(0, missing_);
    word_ += part;
    missing_ -= part.size();
    bytes.remove_prefix(part.size());
    if (missing_ == 0) add(ImapValue::Kind::string, std::exchange(word_, {}));
}

/// resp-text: "[CODE arguments] text". A bracket that does not close is text.
void ImapParser::split_text() {
    response_.text = std::exchange(word_, {});
    if (response_.kind == ImapResponse::Kind::continuation || response_.text.empty() || response_.text[0] != '[')
        return;
    bool quoted = false;
    std::size_t end = 1;
    for (; end < response_.text.size() && (quoted || response_.text[end] != ']'); ++end) {
        if (response_.text[end] == '"') quoted = !quoted;
        if (quoted && response_.text[end] == '\\') ++end;
    }
    if (end >= response_.text.size()) return;
    const std::string_view inside = std::string_view(response_.text).substr(1, end - 1);
    const auto space = inside.find(' ');
    response_.code = to_upper(inside.substr(0, space));
    if (space != std::string_view::npos) response_.code_argument = inside.substr(space + 1);
    response_.text = trim(std::string_view(response_.text).substr(end + 1));
}

} // namespace nixie
