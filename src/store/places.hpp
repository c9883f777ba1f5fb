// Where messages lie in the folders of ours, as far as it is known: what tells that a person moved one.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "nixie/time.hpp"

namespace nixie {

/// A folder of ours as it looked when it was last searched; see FolderState in mailbox/mailbox.hpp.
struct SearchedFolder {
    std::string folder; ///< levels joined by '/'
    std::string validity, next, mark;
    std::size_t messages = 0;
};

/// Where filed messages went.
struct NewPlaces {
    std::string folder, validity;
    std::map<std::string, std::string> uids; ///< key's uid -> uid there; without what the server did not tell
};

/// A message found in a folder, and by what it is known again.
struct FoundMessage {
    std::string uid, sha256;
};

struct FolderPlace {
    std::string folder, uid;
    bool leaving = false; ///< to be moved by reprocess: its being there is no one's answer
};

struct Whereabouts {
    std::int64_t message = 0; ///< row of the journal, that of the first copy
    std::string mailbox;
    std::string folder; ///< where it belongs
    bool corrected = false;
    bool failed = false; ///< in quarantine: its content was never read to the end
    Time arrived{};
    std::vector<FolderPlace> places;
};

/// What a person said by moving a message.
struct Correction {
    std::int64_t id = 0;
    Time seen{};
    Time withdrawn{}; ///< Time{} while it holds
    std::string mailbox, from, to;
    std::string by; ///< "moved"
    std::string subject, original_message_id;
    std::vector<std::string> addresses; ///< whose state it concerns
};

} // namespace nixie
