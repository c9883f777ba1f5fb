#include "nixie/message.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "mail/defects.hpp"
#include "mail/header_block.hpp"
#include "mail/located.hpp"
#include "mail/mime_tree.hpp"
#include "mail/source.hpp"

namespace nixie {

const std::string* Headers::find(std::string_view name) const {
    for (const Field& field : fields_)
        if (equals_ignoring_case(field.name, name)) return &field.value;
    return nullptr;
}

std::string_view Headers::get(std::string_view name) const {
    const std::string* value = find(name);
    return value == nullptr ? std::string_view() : *value;
}

bool Message::has(Defect defect) const { return std::find(defects.begin(), defects.end(), defect) != defects.end(); }

std::string_view name(Defect defect) {
    switch (defect) {
        case Defect::empty_message:
            return "empty-message";
        case Defect::no_header:
            return "no-header";
        case Defect::truncated:
            return "truncated";
        case Defect::nul_bytes:
            return "nul-bytes";
        case Defect::bare_cr:
            return "bare-cr";
        case Defect::too_many_parts:
            return "too-many-parts";
        case Defect::too_many_fields:
            return "too-many-fields";
        case Defect::missing_boundary:
            return "missing-boundary";
        case Defect::unknown_charset:
            return "unknown-charset";
        case Defect::bad_charset:
            return "bad-charset";
        case Defect::bad_encoding:
            return "bad-encoding";
        case Defect::raw_8bit_header:
            return "raw-8bit-header";
    }
    return {};
}

namespace {

/// `located` may be null.
Message parse_and_locate(std::string_view bytes, const Limits& limits, LocatedMessage* located) {
    Message message;
    message.size = bytes.size();
    Defects defects;
    if (bytes.size() > limits.bytes) {
        bytes = bytes.substr(0, limits.bytes);
        defects.add(Defect::truncated);
    }
    const SourceText source(bytes, defects);
    const std::string_view text = source.text();
    if (text.empty()) {
        defects.add(Defect::empty_message);
    } else if (!starts_field(text.substr(0, text.find('\n')))) {
        defects.add(Defect::no_header);
    }
    read_parts(text, limits, message.parts, defects, located ? &located->extents : nullptr);
    message.defects = defects.take();
    if (located) located->text = text;
    return message;
}

} // namespace

Message parse_message(std::string_view bytes, const Limits& limits) { return parse_and_locate(bytes, limits, nullptr); }

LocatedMessage parse_located(std::string_view bytes, const Limits& limits) {
    LocatedMessage out;
    out.message = parse_and_locate(bytes, limits, &out);
    return out;
}

} // namespace nixie
