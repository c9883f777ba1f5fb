#include "evidence/layout.hpp"

#include <set>
#include <string_view>

#include "base/text.hpp"
#include "evidence/fields.hpp"

namespace nixie {
namespace {

bool is_message(std::string_view type) { return type == "message/rfc822" || type == "message/global"; }
bool is_delivery_status(std::string_view type) {
    return type == "message/delivery-status" || type == "message/global-delivery-status" ||
           type == "text/delivery-status" || type == "text/x-delivery-status";
}
bool is_disposition(std::string_view type) {
    return type == "message/disposition-notification" || type == "message/global-disposition-notification";
}
bool is_header_copy(std::string_view type) {
    return type == "text/rfc822-headers" || type == "message/rfc822-headers" || type == "message/global-headers" ||
           type == "text/rfc822-header" || type == "text/rfc822" || type == "message/partial";
}

/// A multipart whose boundary never came keeps its body as text.
bool is_unparted(const Part& part) { return starts_with_ignoring_case(part.type, "multipart/") && !part.text.empty(); }

/// The fields of RFC 3464 under another type, as gateways and mail clients leave them.
bool is_fields_as_file(const Part& part) {
    const bool other_type =
        part.type == "application/octet-stream" || (part.type == "text/plain" && !part.filename.empty());
    return other_type && starts_fields(part.text);
}

class Sorter {
  public:
    Sorter(const Message& message, int root) : parts_(message.parts) { out_.root = root; }

    Layout sort() {
        const auto root = static_cast<std::size_t>(out_.root);
        // Depth first: a part stands behind its parent, and what is as high as the root ends it.
        std::vector<bool> within(parts_.size(), false);
        within[root] = true;
        place(root);
        for (std::size_t i = root + 1; i < parts_.size() && parts_[i].depth > parts_[root].depth; ++i) {
            const auto parent = static_cast<std::size_t>(parts_[i].parent);
            if (!within[parent]) continue;
            if (is_message(parts_[parent].type)) {
                if (out_.returned < 0) out_.returned = static_cast<int>(i);
                continue;
            }
            within[i] = true;
            place(i);
        }
        return std::move(out_);
    }

  private:
    void place(std::size_t index) {
        const auto& part = parts_[index];
        const int i = static_cast<int>(index);
        if (part.type == "multipart/report" && out_.report_type.empty()) out_.report_type = part.report_type;
        if (is_delivery_status(part.type))
            out_.delivery_status.push_back(i);
        else if (part.type == "message/feedback-report")
            out_.feedback = out_.feedback < 0 ? i : out_.feedback;
        else if (is_disposition(part.type))
            out_.disposition = out_.disposition < 0 ? i : out_.disposition;
        else if (is_header_copy(part.type) || (is_message(part.type) && !part.text.empty()))
            out_.returned_text = out_.returned_text < 0 ? i : out_.returned_text;
        else if (is_fields_as_file(part))
            out_.delivery_status.push_back(i);
        else if (starts_with_ignoring_case(part.type, "text/") || part.type == "application/json" || is_unparted(part))
            place_text(i);
        if (!part.filename.empty()) out_.attachments.push_back(i);
    }
    /// Of multipart/alternative the first alternative with text counts: they all say the same.
    void place_text(int i) {
        const auto& part = parts_[static_cast<std::size_t>(i)];
        if (trim(part.text).empty()) return;
        const bool alternative =
            part.parent >= 0 && parts_[static_cast<std::size_t>(part.parent)].type == "multipart/alternative";
        if (alternative && !told_.insert(part.parent).second) return;
        out_.prose.push_back(i);
    }

    const std::vector<Part>& parts_;
    Layout out_;
    std::set<int> told_; ///< multipart/alternative parts that gave their text
};

} // namespace

Layout lay_out(const Message& message, int root) { return Sorter(message, root).sort(); }

} // namespace nixie
