#include "mail/mime_tree.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "base/text.hpp"
#include "mail/header_block.hpp"
#include "mail/part_text.hpp"
#include "mail/source.hpp"

namespace nixie {
namespace {

/// An encoded message is read when its end is known; RFC 2046 section 5.2.1 forbids the encoding, servers use it.
enum class Kind { leaf, multipart, message, encoded_message };

/// A part whose end has not been reached.
struct Open {
    std::size_t part = 0;
    std::size_t begin = 0; ///< offset of its header
    Kind kind = Kind::leaf;
    BodyFacts facts;
    std::size_t body = 0;         ///< offset of its first byte
    std::size_t preamble_end = 0; ///< of a multipart with parts
    std::size_t readable = 0;     ///< Walk::readable when it began
    bool ended = false;           ///< the closing boundary line came
};

/// What all buffers of one message share.
struct Walk {
    const Limits& limits;
    std::vector<Part>& parts;
    Defects& defects;
    std::vector<Extent>* extents;
    std::size_t containers = 0;
    std::size_t readable = 0; ///< parts with text that have been closed
    int encoded_depth = 0;
};

/// Each level of encoding costs another pass.
constexpr int most_encoded_depth = 3;

/// Reads one buffer: the message, or an embedded one that was encoded.
class Buffer {
  public:
    Buffer(std::string_view bytes, Walk& walk) : bytes_(bytes), walk_(walk) {}

    void read(int parent) {
        open_entity(0, parent, "text/plain");
        while (!full_) {
            at_ = next_dashes(at_);
            if (at_ == bytes_.size()) break;
            const std::size_t after = line_end(at_);
            if (!take_boundary(after)) at_ = after;
        }
        close_down_to(0);
    }

  private:
    [[nodiscard]] std::size_t next_dashes(std::size_t line) const {
        if (bytes_.substr(line, 2) == "--") return line;
        const auto found = bytes_.find("\n--", line);
        return found == std::string_view::npos ? bytes_.size() : found + 1;
    }
    [[nodiscard]] std::size_t line_end(std::size_t line) const {
        const auto found = bytes_.find('\n', line);
        return found == std::string_view::npos ? bytes_.size() : found + 1;
    }

    /// RFC 2046 section 5.1.1: the boundary fills its line, but for blanks at the end. A line of an outer multipart ends the
    /// inner ones that never ended. False if the line at at_ belongs to no open multipart.
    bool take_boundary(std::size_t after) {
        std::string_view line = trim(bytes_.substr(at_ + 2, after - at_ - 2));
        auto found = boundaries_.find(line);
        const bool closing = found == boundaries_.end() && line.size() > 2 && line.substr(line.size() - 2) == "--";
        if (closing) found = boundaries_.find(line.substr(0, line.size() - 2));
        if (found == boundaries_.end()) return false;
        const std::size_t level = found->second.back();
        const bool shared = found->second.size() > 1;
        close_down_to(level + 1);
        Open& owner = open_[level];
        if (owner.preamble_end < owner.body) owner.preamble_end = text_end(owner);
        if (closing) {
            owner.ended = true;
            // Parts after the closing line are read all the same, unless an outer multipart has the same boundary.
            if (shared) close_down_to(level);
            at_ = after;
        } else {
            const Part& parent = walk_.parts[owner.part];
            const bool digest = parent.type == "multipart/digest"; // RFC 2046 section 5.1.5
            open_entity(after, static_cast<int>(owner.part), digest ? "message/rfc822" : "text/plain");
        }
        return true;
    }

    /// Opens the entity at `begin` and, while they embed messages, those it starts with. Leaves at_ at the first body.
    void open_entity(std::size_t begin, int parent, std::string_view default_type) {
        for (;;) {
            if (walk_.parts.size() >= std::max<std::size_t>(walk_.limits.parts, 1)) {
                walk_.defects.add(Defect::too_many_parts);
                full_ = true;
                return;
            }
            std::string_view rest = bytes_.substr(begin);
            Part part;
            part.parent = parent;
            part.depth = parent < 0 ? 0 : walk_.parts[static_cast<std::size_t>(parent)].depth + 1;
            Open entity;
            entity.part = walk_.parts.size();
            entity.begin = begin;
            entity.readable = walk_.readable;
            std::vector<Field> fields = take_header(rest, walk_.limits.fields, walk_.defects);
            entity.facts = describe(std::move(fields), default_type, part, walk_.defects);
            entity.body = bytes_.size() - rest.size();
            entity.kind = kind_of(part, entity.facts.transfer, rest);
            if (entity.kind == Kind::multipart && !entity.facts.boundary.empty())
                boundaries_[entity.facts.boundary].push_back(open_.size());
            const Kind kind = entity.kind;
            at_ = entity.body;
            parent = static_cast<int>(entity.part);
            walk_.parts.push_back(std::move(part));
            open_.push_back(std::move(entity));
            if (kind != Kind::message) return;
            begin = at_ + empty_lines(rest);
            default_type = "text/plain";
        }
    }

    Kind kind_of(const Part& part, TransferEncoding transfer, std::string_view body) {
        const bool multipart = part.type.compare(0, 10, "multipart/") == 0;
        const bool message = part.type == "message/rfc822" || part.type == "message/global";
        if (!multipart && !message) return Kind::leaf;
        if (++walk_.containers > walk_.limits.containers) {
            walk_.defects.add(Defect::too_many_parts);
            return Kind::leaf;
        }
        if (multipart) return Kind::multipart;
        // Some servers say base64 of a message that they pass on as it was.
        const bool encoded = transfer == TransferEncoding::quoted_printable ||
                             (transfer == TransferEncoding::base64 && !starts_field(body.substr(0, body.find('\n'))));
        if (!encoded) return Kind::message;
        return walk_.encoded_depth < most_encoded_depth ? Kind::encoded_message : Kind::leaf;
    }

    /// Length of the empty lines that some servers put before an embedded header.
    static std::size_t empty_lines(std::string_view text) {
        const auto begin = std::min(text.find_first_not_of("\r\n"), text.size());
        const std::string_view line = text.substr(begin, text.find('\n', begin) - begin);
        return starts_field(line) ? begin : 0;
    }

    /// Where the body of `entity` ends if it ends at at_: the line end before a boundary belongs to the boundary.
    [[nodiscard]] std::size_t text_end(const Open& entity) const {
        std::size_t end = at_;
        if (end == bytes_.size()) return end;
        if (end > entity.body && bytes_[end - 1] == '\n') --end;
        if (end > entity.body && bytes_[end - 1] == '\r') --end;
        return end;
    }

    void close_down_to(std::size_t level) {
        while (open_.size() > level) {
            const Open entity = std::move(open_.back());
            open_.pop_back();
            close(entity);
            if (!walk_.parts[entity.part].text.empty()) ++walk_.readable;
        }
    }

    void close(const Open& entity) {
        const std::string_view body = bytes_.substr(entity.body, text_end(entity) - entity.body);
        Part& part = walk_.parts[entity.part];
        if (walk_.extents) {
            walk_.extents->resize(walk_.parts.size());
            if (walk_.encoded_depth == 0) (*walk_.extents)[entity.part] = {entity.begin, text_end(entity)};
        }
        switch (entity.kind) {
            case Kind::leaf:
                if (holds_text(part)) return set_text(body, entity.facts.transfer, part, walk_.defects);
                return set_size(body, entity.facts.transfer, part);
            case Kind::multipart:
                return close_multipart(entity, body);
            case Kind::message:
                part.size = body.size();
                return;
            case Kind::encoded_message:
                return read_encoded(entity, body);
        }
    }

    /// A multipart whose parts say nothing keeps what stands before them; without parts, all it holds.
    void close_multipart(const Open& entity, std::string_view body) {
        const auto found = boundaries_.find(entity.facts.boundary);
        if (found != boundaries_.end()) {
            found->second.pop_back();
            if (found->second.empty()) boundaries_.erase(found);
        }
        if (!entity.ended) walk_.defects.add(Defect::missing_boundary);
        Part& part = walk_.parts[entity.part];
        const bool readable = walk_.readable > entity.readable;
        if (entity.part + 1 == walk_.parts.size()) {
            set_text(body, entity.facts.transfer, part, walk_.defects);
        } else if (!readable) {
            set_text(bytes_.substr(entity.body, entity.preamble_end - entity.body), TransferEncoding::none, part,
                     walk_.defects);
        }
        set_size(body, TransferEncoding::none, part);
    }

    void read_encoded(const Open& entity, std::string_view body) {
        const std::string bytes = decoded(body, entity.facts.transfer, walk_.defects);
        walk_.parts[entity.part].size = bytes.size();
        const SourceText source(bytes, walk_.defects);
        ++walk_.encoded_depth;
        Buffer(source.text(), walk_).read(static_cast<int>(entity.part));
        --walk_.encoded_depth;
    }

    std::string_view bytes_;
    Walk& walk_;
    std::vector<Open> open_; ///< outermost first
    /// Boundary to the levels of open_ that use it, innermost last.
    std::map<std::string, std::vector<std::size_t>, std::less<>> boundaries_;
    std::size_t at_ = 0; ///< the line being looked at
    bool full_ = false;  ///< at_ is where the parts to leave out begin
};

} // namespace

void read_parts(std::string_view bytes, const Limits& limits, std::vector<Part>& parts, Defects& defects,
                std::vector<Extent>* extents) {
    Walk walk{limits, parts, defects, extents};
    Buffer(bytes, walk).read(-1);
}

} // namespace nixie
