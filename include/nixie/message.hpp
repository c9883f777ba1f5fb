// A mail message as data: what it holds in order, decoded, and what is wrong with it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nixie {

/// One header field. `name` as written; `value` unfolded, RFC 2047 words decoded, valid UTF-8.
struct Field {
    std::string name;
    std::string value;
};

/// Header fields in their order; names compare without case.
class Headers {
  public:
    Headers() = default;
    explicit Headers(std::vector<Field> fields) : fields_(std::move(fields)) {}
    void add(Field field) { fields_.push_back(std::move(field)); }
    /// The first field of that name, or null. The pointer lives as long as these headers stay unchanged.
    [[nodiscard]] const std::string* find(std::string_view name) const;
    /// The first value of that name, or an empty view into a static string.
    [[nodiscard]] std::string_view get(std::string_view name) const;
    [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }
    [[nodiscard]] bool empty() const { return fields_.empty(); }

  private:
    std::vector<Field> fields_;
};

/// What was wrong with a message. Recorded, never fatal.
enum class Defect {
    empty_message,    ///< no bytes, or white space only
    no_header,        ///< the first line is no header field
    truncated,        ///< cut at the limit of bytes read
    nul_bytes,        ///< held NUL, removed
    bare_cr,          ///< lines ended by CR alone
    too_many_parts,   ///< parts after Limits::parts left out, or containers after Limits::containers kept as text
    too_many_fields,  ///< header fields after Limits::fields were left out
    missing_boundary, ///< multipart without boundary parameter, or its end line never came
    unknown_charset,  ///< charset label unknown; read as UTF-8 or Latin-1
    bad_charset,      ///< bytes invalid in the labelled charset
    bad_encoding,     ///< unknown Content-Transfer-Encoding, or broken base64
    raw_8bit_header,  ///< 8-bit bytes in a header field
};

/// "empty-message", …
std::string_view name(Defect defect);

/// One MIME entity. Parts stand in Message::parts in the order of the message (depth first).
struct Part {
    int parent = -1; ///< index of the enclosing part; -1 for the message itself
    int depth = 0;   ///< 0 for the message itself
    Headers headers;
    std::string type;        ///< lower case, "text/plain" where none is given
    std::string report_type; ///< the report-type parameter, lower case
    std::string charset;     ///< as labelled, lower case; may be empty
    std::string filename;    ///< from Content-Disposition or Content-Type, decoded
    std::size_t size = 0;    ///< bytes of the body after its transfer encoding is undone
    /// The body for text/*, message/* (but those with children), JSON and whatever claims no type: transfer encoding and
    /// charset undone, valid UTF-8, lines ended by LF; HTML rendered as plain text. Empty for other types.
    std::string text;
};

/// A parsed message. parts[0] always exists and is the message itself. A `message/rfc822` part is followed by
/// its child, the embedded message's own top part.
struct Message {
    std::vector<Part> parts;
    std::vector<Defect> defects; ///< each at most once
    std::size_t size = 0;        ///< bytes given to parse_message()

    [[nodiscard]] const Headers& headers() const { return parts.front().headers; }
    [[nodiscard]] bool has(Defect defect) const;
};

/// Bounds on what one message may cost. Counts, except `bytes`.
struct Limits {
    std::size_t bytes = 256 * 1024; ///< of the message; more is cut: a report says all it has to say before that
    std::size_t containers = 200;   ///< multipart/* and message/rfc822 opened; bounds the nesting depth too
    std::size_t parts = 1000;
    std::size_t fields = 2000; ///< header fields kept per part
};

/// Never throws, whatever the bytes; linear in their number. A leading mbox "From " line is passed over.
Message parse_message(std::string_view bytes, const Limits& limits = {});

} // namespace nixie
