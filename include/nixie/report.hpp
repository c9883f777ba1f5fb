// What a message reports: its kind, and one piece of evidence per recipient with where each fact was read.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nixie/message.hpp"
#include "nixie/result.hpp"
#include "nixie/taxonomy.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// Where a fact was read, in the order of belief: an earlier source wins over a later one.
enum class Source {
    none,
    dsn_field,  ///< a field of message/delivery-status (RFC 3464), message/feedback-report (RFC 5965)
                ///< or message/disposition-notification (RFC 8098)
    format,     ///< prose of a known format; its id is Report::format
    smtp_reply, ///< an SMTP reply quoted anywhere in the text
    header,     ///< a header field of the report, such as X-Failed-Recipients
    original,   ///< the returned message's own header fields
    verp,       ///< the address the report was sent to
};

/// "dsn-field", …
std::string_view name(Source source);

/// A place in a Message: index into Message::parts, and line of that part's text counted from 1 (0: a header field).
struct Place {
    int part = -1; ///< -1: nowhere
    int line = 0;
};

/// A text and where it was read. Valid UTF-8, one line, no control characters.
struct Fact {
    std::string text;
    Source source = Source::none;
    Place place;

    [[nodiscard]] bool empty() const { return text.empty(); }
};

/// What one report says of one recipient.
struct Evidence {
    Fact address;          ///< addr-spec without brackets; the domain in lower case. Empty in the only evidence of a
                           ///< report that names nobody
    Fact original_address; ///< Original-Recipient (ORCPT), where it differs
    Fact action;           ///< RFC 3464: failed delayed delivered relayed expanded
    Fact status;           ///< RFC 3463 enhanced status code, "5.1.1"
    Fact smtp_code;        ///< RFC 5321 reply code, "550"
    Fact command;          ///< the SMTP command that was answered: CONNECT EHLO STARTTLS AUTH MAIL RCPT DATA (to the
                           ///< message's end); empty where the report does not tell
    Fact diagnostic;       ///< the reply or explanation, white space folded; at most 2,000 bytes
    Fact remote_mta;       ///< the host that gave the diagnostic
};

/// The message that was reported on, as far as the report returned it.
struct Original {
    std::string message_id;  ///< without angle brackets
    std::string envelope_id; ///< ENVID of RFC 3461, as the sender chose it
    std::string subject;
    std::string from;        ///< addr-spec
    std::string to;          ///< addr-spec of the first recipient
    std::string return_path; ///< addr-spec; seldom comes back
    std::string campaign; ///< as our return path names it, else the first of X-Campaign-Id, Feedback-ID, List-ID, …
};

struct Report {
    Kind kind = Kind::other;
    std::string ground;        ///< why it is of that kind, in a few words
    std::string format;        ///< id of the format that read the prose; may be empty
    std::string reporting_mta; ///< host name
    std::string feedback_type; ///< RFC 5965, lower case; complaints only
    std::optional<Time> date;  ///< the report's own Date, if readable
    std::string from;          ///< addr-spec of the message's own From; auto-reply and other only
    std::vector<Evidence> recipients;
    Original original;
    std::vector<std::string> defects; ///< names of the message's defects and of those found while reading it
};

/// The known formats and the phrases that tell kinds, compiled. Immutable and thread-safe once made.
class Formats {
  public:
    /// The built-in ones, from conf/formats. They are tested with the program, so failure is a bug.
    static Formats built_in();
    /// Those of every *.toml in `directory`, in the order of file names. Errors name file and line.
    static Result<Formats> from_directory(const std::string& directory);

    /// Those of every *.toml in `directory` first, then the built-in ones. The files may hold rules too, which
    /// Rules::with_own() reads. An id that a built-in format has is an error.
    static Result<Formats> with_own(const std::string& directory);

    Formats(Formats&&) noexcept;
    Formats& operator=(Formats&&) noexcept;
    ~Formats();

    struct Impl;
    [[nodiscard]] const Impl& impl() const { return *impl_; }

  private:
    explicit Formats(std::unique_ptr<const Impl> impl);
    std::unique_ptr<const Impl> impl_;
};

struct Attribution; // attribution.hpp

/// Reads what `message` reports. Never throws; linear in the size of the message.
Report read_report(const Message& message, const Formats& formats);
Report read_report(const Message& message, const Formats& formats, const Attribution& attribution);

/// The message that the report in `bytes` returned, as it was sent. Nothing where it returned but headers or a piece of it, or
/// where that cannot be told from the whole: a part's end is missing, bytes had to be mended, or more than `limits` allow.
std::optional<std::string> returned_message(std::string_view bytes, const Limits& limits = {});

} // namespace nixie
