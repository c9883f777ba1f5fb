// What each part of a report is for: prose, machine-readable fields, the returned message, attachments.
#pragma once

#include <string>
#include <vector>

#include "nixie/message.hpp"

namespace nixie {

/// Indices into Message::parts; -1 and empty lists for what is not there.
struct Layout {
    int root = 0;                     ///< the part that is the report's own top
    std::vector<int> prose;           ///< text written for people
    std::vector<int> delivery_status; ///< RFC 3464, also RFC 6533
    int feedback = -1;                ///< RFC 5965
    int disposition = -1;             ///< RFC 8098
    int returned = -1;                ///< top part of the returned message: its headers count
    int returned_text = -1;           ///< a part whose text is the returned message's headers, or all of it
    std::vector<int> attachments;     ///< parts with a file name outside the returned message
    std::string report_type;          ///< of multipart/report, lower case
};

/// Of the message whose top part is parts[root]: 0, or that of an embedded message.
Layout lay_out(const Message& message, int root);

} // namespace nixie
