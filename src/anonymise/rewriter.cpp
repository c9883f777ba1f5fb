#include "anonymise/rewriter.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "anonymise/body.hpp"
#include "anonymise/field.hpp"
#include "base/text.hpp"
#include "mail/charset.hpp"
#include "mail/header_block.hpp"
#include "mail/parameters.hpp"

namespace nixie {
namespace {

/// Each level of encoding costs another pass.
constexpr int most_encoded_depth = 3;
constexpr std::size_t longest_line = 1000;

/// What the header says of the body.
struct Entity {
    std::string type = "text/plain";
    std::string charset, boundary;
    TransferEncoding transfer = TransferEncoding::none;
    bool attached = false; ///< has a file's name
    Header header = Header::own;
};

struct RawLines {
    std::string_view name;
    std::string_view raw; ///< without its last line end
    std::string_view end; ///< that line end
};

bool is_message(std::string_view type) { return type == "message/rfc822" || type == "message/global"; }
bool is_header_copy(std::string_view type) {
    return type == "text/rfc822-headers" || type == "message/rfc822-headers" || type == "message/global-headers" ||
           type == "text/rfc822-header" || type == "text/rfc822" || type == "message/partial";
}

class Rewriter {
  public:
    Rewriter(std::string_view bytes, const Limits& limits, Scrubber& scrubber, int encoded_depth)
        : bytes_(bytes), limits_(limits), scrubber_(scrubber), encoded_depth_(encoded_depth) {
        const auto end = bytes.find_first_of("\r\n");
        if (end != std::string_view::npos) eol_ = bytes.substr(end, bytes.substr(end, 2) == "\r\n" ? 2 : 1);
    }

    std::string run(Header header) {
        // What may stand before a header.
        while (at_ < bytes_.size()) {
            const std::size_t end = line_end(at_);
            const std::string_view line = bytes_.substr(at_, end - at_);
            if (!trim(line).empty() && !line.starts_with("From ")) break;
            out_ += scrubber_.text(line);
            at_ = end;
        }
        open_entity(header);
        while (at_ < bytes_.size()) {
            const std::size_t end = line_end(at_);
            if (!take_boundary(end)) at_ = end;
        }
        close_body(bytes_.size());
        return std::move(out_);
    }

  private:
    [[nodiscard]] std::size_t line_end(std::size_t line) const {
        const auto found = bytes_.find_first_of(eol_ == "\r" ? "\r" : "\n", line);
        return found == std::string_view::npos ? bytes_.size() : found + 1;
    }

    /// The header at at_, and the message inside it if that is what it holds; leaves at_ at the body.
    void open_entity(Header header) {
        for (;;) {
            const std::vector<RawLines> fields = take_fields();
            entity_ = describe(fields);
            entity_.header = header;
            write_fields(fields);
            write_blank_line();
            body_ = at_;
            if (!is_message(entity_.type) || entity_.transfer != TransferEncoding::none ||
                ++containers_ > limits_.containers)
                return;
            header = below_message();
            returned_from_ = std::min(returned_from_, boundaries_.size());
        }
    }

    std::vector<RawLines> take_fields() {
        std::vector<RawLines> out;
        while (at_ < bytes_.size()) {
            std::size_t end = line_end(at_);
            const std::string_view line = bytes_.substr(at_, end - at_);
            const bool mbox = line.starts_with("From ") || line.starts_with(">From ");
            if (!mbox && !starts_field(line)) break;
            while (end < bytes_.size() && (bytes_[end] == ' ' || bytes_[end] == '\t')) end = line_end(end);
            std::string_view raw = bytes_.substr(at_, end - at_);
            const auto last = raw.find_last_not_of("\r\n") + 1;
            out.push_back({mbox ? std::string_view{} : trim(raw.substr(0, raw.find(':'))), raw.substr(0, last),
                           raw.substr(last)});
            at_ = end;
        }
        return out;
    }

    static Entity describe(const std::vector<RawLines>& fields) {
        Entity out;
        Defects ignored;
        bool has_type = false;
        for (const auto& field : fields) {
            const std::string value =
                unfold_and_decode(field.raw.substr(std::min(field.raw.find(':'), field.raw.size() - 1) + 1));
            if (equals_ignoring_case(field.name, "content-type") && !has_type) {
                has_type = true;
                const ParameterList parameters(value, ignored);
                if (parameters.value().find('/') != std::string::npos) out.type = parameters.value();
                out.charset = to_lower(parameters.get("charset"));
                out.boundary = trim(parameters.get("boundary"));
                out.attached = out.attached || !parameters.get("name").empty();
            } else if (equals_ignoring_case(field.name, "content-disposition")) {
                out.attached = out.attached || !ParameterList(value, ignored).get("filename").empty();
            } else if (equals_ignoring_case(field.name, "content-transfer-encoding")) {
                out.transfer = transfer_named(value, ignored);
            }
        }
        if (out.type.starts_with("multipart/")) out.transfer = TransferEncoding::none;
        return out;
    }

    void write_fields(const std::vector<RawLines>& fields) {
        NewBody body;
        if (entity_.type.starts_with("multipart/") && !entity_.boundary.empty() &&
            ++containers_ <= limits_.containers) {
            body.old_boundary = entity_.boundary;
            body.boundary = scrubber_.names().boundary(entity_.boundary, scrubber_.text(entity_.boundary));
            boundaries_.push_back({entity_.boundary, body.boundary});
            levels_[entity_.boundary].push_back(boundaries_.size() - 1);
        }
        body.as_utf8 = becomes_utf8(entity_.charset);
        body.as_8bit = body.as_utf8 && entity_.transfer == TransferEncoding::none;
        for (const auto& field : fields) {
            out_ += field.name.empty() ? scrubber_.text(field.raw)
                                       : rewrite_field({field.name, field.raw, eol_}, entity_.header, body, scrubber_);
            out_ += field.end;
        }
    }

    void write_blank_line() {
        const std::size_t end = line_end(at_);
        if (end == at_ || !trim(bytes_.substr(at_, end - at_)).empty()) return;
        out_ += bytes_.substr(at_, end - at_);
        at_ = end;
    }

    [[nodiscard]] Header below_message() const {
        return scrubber_.settings().empty_returned ? Header::returned : Header::own;
    }

    [[nodiscard]] BodyText body_text(std::string_view raw) const {
        return {raw, entity_.transfer, entity_.charset, eol_};
    }

    /// RFC 2046 section 5.1.1. False if the line at at_ is none of an open multipart.
    bool take_boundary(std::size_t end) {
        const std::string_view whole = bytes_.substr(at_, end - at_);
        if (!whole.starts_with("--")) return false;
        std::string_view line = trim(whole.substr(2));
        auto found = levels_.find(std::string(line));
        const bool closing = found == levels_.end() && line.size() > 2 && line.ends_with("--");
        if (closing) {
            line.remove_suffix(2);
            found = levels_.find(std::string(line));
        }
        if (found == levels_.end()) return false;
        const std::size_t level = found->second.back();
        close_body(at_);
        while (boundaries_.size() > level + 1) forget_last();
        if (returned_from_ > level) returned_from_ = none;
        out_ += "--" + boundaries_[level].fresh + (closing ? "--" : "");
        out_ += whole.substr(whole.find_last_not_of(" \t\r\n") + 1);
        at_ = end;
        const Header header = returned_from_ == none ? Header::own : below_message();
        if (closing) {
            entity_ = {};
            entity_.header = header;
            body_ = at_;
        } else {
            open_entity(header);
        }
        return true;
    }

    void forget_last() {
        const auto known = levels_.find(boundaries_.back().old);
        known->second.pop_back();
        if (known->second.empty()) levels_.erase(known);
        boundaries_.pop_back();
    }

    [[nodiscard]] Body purpose(std::string_view raw) const {
        if (is_header_copy(entity_.type)) return Body::fields;
        const bool message = entity_.type.starts_with("message/");
        const bool text = entity_.type.starts_with("text/") || entity_.type.starts_with("multipart/") || message;
        if (entity_.header == Header::returned && scrubber_.settings().empty_returned) return Body::returned;
        // A part under a wrong type may be what the verdict came from.
        if (!text && !scrubber_.settings().empty_returned && starts_field(trim(raw).substr(0, longest_line)))
            return Body::text;
        if (!text || (entity_.attached && !message && scrubber_.settings().empty_returned)) return Body::attachment;
        return Body::text;
    }

    /// Writes the body that ends at `end`; the line end before a boundary belongs to the boundary.
    void close_body(std::size_t end) {
        std::string_view raw = bytes_.substr(body_, end - body_);
        const bool to_the_end = end == bytes_.size() && entity_.transfer == TransferEncoding::none;
        const auto last = to_the_end ? raw.size() : raw.size() - std::min(raw.size(), own_end(raw));
        const std::string_view rest = raw.substr(last);
        raw = raw.substr(0, last);
        if (is_message(entity_.type) && entity_.transfer != TransferEncoding::none &&
            encoded_depth_ < most_encoded_depth)
            write_encoded_message(raw);
        else if (!trim(raw).empty())
            out_ += rewrite_body(body_text(raw), purpose(raw), scrubber_);
        else
            out_ += raw;
        out_ += rest;
    }

    static std::size_t own_end(std::string_view raw) {
        if (raw.ends_with("\r\n")) return 2;
        return raw.ends_with('\n') || raw.ends_with('\r') ? 1 : 0;
    }

    void write_encoded_message(std::string_view raw) {
        Defects ignored;
        const auto line = raw.substr(0, raw.find('\n'));
        // Some servers say base64 of a message that they pass on as it was.
        const bool plain = entity_.transfer == TransferEncoding::base64 && starts_field(line);
        const std::string decoded = plain                                          ? std::string(raw)
                                    : entity_.transfer == TransferEncoding::base64 ? decode_base64(raw, ignored)
                                                                                   : decode_quoted_printable(raw);
        const std::string fresh = Rewriter(decoded, limits_, scrubber_, encoded_depth_ + 1).run(below_message());
        out_ += plain ? fresh : encode(fresh, entity_.transfer, eol_);
    }

    struct Boundary {
        std::string old, fresh;
    };
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    std::string_view bytes_;
    const Limits& limits_;
    Scrubber& scrubber_;
    int encoded_depth_;
    std::string_view eol_ = "\n";
    std::string out_;
    std::size_t at_ = 0;
    std::size_t body_ = 0;
    Entity entity_; ///< whose body is open
    std::size_t containers_ = 0;
    std::vector<Boundary> boundaries_; ///< of open multiparts
    std::unordered_map<std::string, std::vector<std::size_t>> levels_;
    std::size_t returned_from_ = none; ///< multiparts from this level on stand in a returned message
};

} // namespace

std::string rewrite_message(std::string_view bytes, const Limits& limits, Scrubber& scrubber) {
    return Rewriter(bytes.substr(0, limits.bytes), limits, scrubber, 0).run(Header::own);
}

} // namespace nixie
