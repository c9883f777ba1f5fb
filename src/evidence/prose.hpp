// The text that a report's author wrote for people, without the returned message below it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "evidence/format.hpp"
#include "evidence/holding.hpp"
#include "evidence/layout.hpp"
#include "nixie/message.hpp"
#include "nixie/report.hpp"

namespace nixie {

/// Views look into the Message it was made from.
struct Prose {
    struct Line {
        std::string_view text;
        Place place;
        LineMarks marks;
    };
    /// One part's text, up to the returned message.
    struct Piece {
        int part;
        std::string_view text;
    };
    std::vector<Line> lines;
    std::vector<Piece> pieces;
    std::string head;          ///< the beginning, in one text, for conditions
    std::string_view returned; ///< the returned message where it stands in the text itself; may be empty
};

Prose collect_prose(const Message& message, const Layout& layout, const Formats::Impl& formats);

/// What a format made of the prose.
struct ProseReading {
    const Format* format = nullptr;
    const Format* named = nullptr; ///< the format whose id the report gets: `format`, or one that only gives its id
    std::vector<Evidence> recipients;
    bool delayed = false;
    bool capped = false;
    std::string_view returned; ///< as Prose::returned, where only the format's own marker tells
};

/// Every format whose conditions hold is tried in order until one reads a recipient.
ProseReading read_prose(const Headers& headers, const Prose& prose, const Holding& holding, Format::Looks looks);

} // namespace nixie
