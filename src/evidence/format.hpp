// The formats that reports are written in and the signs of their kinds: data, from conf/formats/*.toml and from a folder of
// one's own. conf/formats/README.md walks through one.
//
//   [[format]]
//   id = "exim"                     # unique; Report::format
//   source = "https://…"            # where the wording is documented
//   when = [                        # all must hold; values and text are searched, `^` and `$` are ends of lines;
//                                   # a list of patterns holds where any does; subjects come without "Re:";
//                                   # `attachment` is searched for in the names of attached files, one a line
//     { header = "From", matches = '^Mail Delivery System' },
//     { text = 'This message was created automatically by mail delivery software' } ]
//   looks = "report"                # optional: only where a [[kind]] of "bounce" holds too
//   begin = ['…']                   # optional: reading starts after such a line, and again after each `end`
//   end = ['…']                     # optional: reading stops at such a line
//   original = ['…']                # optional: the returned message follows such a line, besides every [[original]]
//   recipient = ['^ {2}(?P<address>\S+@\S+)$']   # opens a recipient's block; without it and recipient_header the
//                                   # format only gives its id to what the fields or the generic formats read
//   recipient_header = "X-Failed-Recipients"     # optional: also names recipients, for what the text does not name
//   follow = "paragraph"            # what of the block is the diagnostic, besides what `recipient` captures:
//                                   # "paragraph": the text up to the blank line after it (the default);
//                                   # "block": all up to the next recipient; "line": nothing more
//   detail = ['…(?P<diagnostic>.*)']  # optional: a line where the diagnostic (re)starts, up to a blank line.
//                                   # Before the first recipient it speaks of those that follow.
//   ahead = ['…(?P<diagnostic>.*)']   # optional: a line that is said of the one recipient below it
//   command = "DATA"                # optional: the SMTP command that such a report is an answer to, where it does not tell
//   skip = ['…']                    # optional: lines that are never part of a diagnostic
//   delayed = ['…']                 # optional: text that says that delivery is still tried
//   means = "…"                     # optional: what this format says in whatever language, in plain English; put in
//                                   # square brackets behind a diagnostic that has no reply in it
//   [[format.examples]]             # at least one; a test runs them
//   headers = { From = "…" }        # optional
//   text = '''…'''
//   address = "user@example.org"    # the first recipient
//   diagnostic = "550 …"            # and what its diagnostic is
//
//   [[kind]]                        # what tells a kind of message; the first that holds of a kind counts
//   id, when                        # as above, but a blank in a `text` is any white space, a line's end too
//   kind = "auto-reply"             # "bounce" stands for "looks like a report"
//   feedback_type = "abuse"         # complaints only
//   sure = true                     # of a "bounce": no automatic answer or challenge can look like that;
//                                   # of an "other": no report can; of an "auto-reply": not even one under a mail
//                                   # system's name, unless it holds a reply or says more than its sender
//   [[kind.examples]]               # headers, text, attachment
//
//   [[original]]                    # a line after which, or at which, the returned message starts
//   marker = '…'
//   example = "…"
//
// Patterns are RE2's, without regard to case. Groups: address (one or several), original (the address it was expanded
// from), status, code, diagnostic, mta, command (the SMTP command that was answered).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/data.hpp"
#include "evidence/header_names.hpp"
#include "evidence/pattern.hpp"
#include "nixie/report.hpp"
#include "patterns/regex_set.hpp"

namespace nixie {

/// One thing that must be found: any of the patterns `first` to `end` (without that) in the set of its place.
struct Condition {
    enum class In { header, text, attachment } in;
    std::size_t first;
    std::size_t end;
};

struct Example {
    std::string where; ///< file:line
    Headers headers;
    std::string text;
    std::string attachment; ///< names of attached files, one a line
    std::string address;
    std::string diagnostic;
};

struct Format {
    enum class Follow { paragraph, block, line };
    enum class Looks { any, report };

    std::string id, where, source;
    std::vector<Condition> when;
    Looks looks = Looks::any;
    Follow follow = Follow::paragraph;
    std::string recipient_header;
    std::string command;
    std::string means;
    AnyOf begin, end, original, recipient, ahead, detail, skip;
    std::vector<Condition> delayed; ///< any of them
    std::vector<Example> examples;

    /// Does it read recipients itself?
    [[nodiscard]] bool reads() const { return !recipient.empty() || !recipient_header.empty(); }
};

struct KindRule {
    std::string id, where;
    Kind kind;
    std::string feedback_type;
    std::vector<Condition> when;
    bool sure = false;
    std::vector<Example> examples;
};

struct Formats::Impl {
    static Formats wrap(Impl impl);

    std::vector<Format> formats;
    std::vector<KindRule> kinds;
    AnyOf original;
    struct OriginalExample {
        std::string where, text;
    };
    std::vector<OriginalExample> original_examples;
    HeaderNames header_names; ///< those that a condition names; its number is the patterns' group
    RegexSet header_patterns; ///< for the fields' values
    RegexSet text_patterns;
    RegexSet attachment_patterns; ///< for the names of attached files, one a line

    /// Whose condition a pattern is of: formats first, then kinds.
    struct Use {
        std::uint16_t owner;
        std::uint32_t condition; ///< a bit
    };
    struct Uses {
        std::vector<Use> header, text, attachment; ///< by the pattern's number
        std::vector<std::uint32_t> all;            ///< by owner: the bits of all its conditions
    } uses;
    /// To be called once, when all is read.
    void finish();
};

/// A file to read formats from; it may hold [[rule]] tables too, which are passed over.
struct FormatSource {
    DataFile file;
    bool with_rules = false;
};

/// Compiles the files in their order. Whatever is wrong with them is added to `errors`, with file and line: at most one error
/// a table. With errors the outcome is good for nothing but to be read.
Formats::Impl read_formats(const std::vector<FormatSource>& sources, std::vector<Error>& errors);
/// The same of files without rules, or the first error.
Result<Formats::Impl> load_formats(const std::vector<DataFile>& files);

} // namespace nixie
