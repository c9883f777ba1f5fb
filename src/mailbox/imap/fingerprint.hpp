// Telling whether a message of the inbox is already in a folder: what a COPY that was cut short leaves behind.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "mailbox/imap/session.hpp"
#include "mailbox/imap/sets.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// What a copy shares with its original and two different deliveries do not: size, Received, Date, Message-ID.
struct Fingerprint {
    std::string text; ///< empty if the message has nothing telling
    Time arrived{};   ///< not compared: a server need not keep it (RFC 3501 section 6.4.7)
};

using Fingerprints = std::map<ImapUid, Fingerprint>;

/// Of those messages of the selected folder that still exist.
Result<Fingerprints> fetch_fingerprints(ImapSession& session, const std::vector<ImapUid>& uids);
/// Of the messages in `folder` that came there on the day of `since` or later. Leaves `folder` selected for reading.
Result<Fingerprints> fingerprints_in(ImapSession& session, const std::string& folder, Time since);

Time earliest(const Fingerprints& fingerprints);
/// The originals that have a copy. A copy stands for one original: of two alike and one copy, one is to be copied still.
std::set<ImapUid> matching(const Fingerprints& originals, const Fingerprints& copies);

} // namespace nixie
