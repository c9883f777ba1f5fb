// Reads what an IMAP server sends (RFC 3501 section 7) into values; pure, and the same for any split of the input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nixie/result.hpp"

namespace nixie {

/// One value of a response. Quoted strings and literals are both `string`; NIL keeps its spelling in `text`.
struct ImapValue {
    enum class Kind { nil, atom, string, list };

    Kind kind = Kind::nil;
    std::string text;
    std::vector<ImapValue> items; ///< of a list

    bool operator==(const ImapValue&) const = default;
};

struct ImapResponse {
    enum class Kind { untagged, continuation, tagged };

    Kind kind = Kind::untagged;
    std::string tag;                     ///< of a tagged one
    std::string name;                    ///< in capitals: "OK", "FETCH", "SEARCH"; empty in a continuation
    std::optional<std::uint64_t> number; ///< before the name: "* 12 FETCH"
    std::string code;                    ///< response code in capitals: "TRYCREATE"; OK, NO, BAD, BYE, PREAUTH only
    std::string code_argument;           ///< what follows the code inside the brackets, as sent
    std::string text;                    ///< for people; OK, NO, BAD, BYE, PREAUTH and continuations only
    std::vector<ImapValue> values;       ///< of all others
    std::vector<std::uint32_t> numbers;  ///< of SEARCH, which may have millions, instead of `values`

    bool operator==(const ImapResponse&) const = default;
};

/// What one response may take; more is an error of protocol.
struct ImapLimits {
    std::size_t line = std::size_t{32} << 20;     ///< bytes outside literals; a SEARCH of 3 million fits
    std::size_t literals = std::size_t{64} << 20; ///< bytes in all literals of one response
    std::size_t values = 100'000;
    std::size_t depth = 32; ///< of lists within lists
};

/// Incremental: knows a literal by its place in the grammar, counts its bytes and never looks into them.
class ImapParser {
  public:
    explicit ImapParser(ImapLimits limits = {}) : limits_(limits) {}

    /// Takes bytes off the front of `bytes` up to the end of a response, or all of them if none ends there (nothing then).
    /// After an error every further call gives the same error.
    Result<std::optional<ImapResponse>> next(std::string_view& bytes);

  private:
    enum class State { head, number_or_name, name, text, between, atom, quoted, escaped, size, size_end, literal };

    void reset();
    void step(char c);
    void end_line();
    void end_word();
    void begin_value(char c);
    void continue_atom(char c);
    void continue_size(char c);
    void end_atom();
    void end_list();
    void begin_literal();
    void add(ImapValue::Kind kind, std::string&& text);
    void add_number();
    void split_text();
    void take_literal(std::string_view& bytes);
    void fail(std::string what);
    [[nodiscard]] bool opens_section() const;

    ImapLimits limits_;
    std::optional<Error> error_;
    State state_ = State::head;
    ImapResponse response_;
    std::string word_;                          ///< the token being read
    std::vector<std::vector<ImapValue>> lists_; ///< open lists, outermost first
    std::size_t line_ = 0;                      ///< bytes outside literals so far
    std::size_t literals_ = 0;                  ///< bytes announced for literals so far
    std::size_t values_ = 0;
    std::size_t missing_ = 0; ///< bytes of the literal still to come
    bool section_ = false;    ///< inside the brackets of BODY[…]
    bool carriage_return_ = false;
    bool complete_ = false;
};

} // namespace nixie
