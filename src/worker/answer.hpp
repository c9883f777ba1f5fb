// What it means that a person put a message into a folder of ours.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "mailbox/mailbox.hpp"
#include "nixie/judge.hpp"
#include "store/store.hpp"

namespace nixie {

/// What lying in a folder says of a message.
struct Meaning {
    Kind kind = Kind::bounce;
    std::optional<Category> category; ///< of a bounce
};

/// By a folder's default name. The quarantine folder says nothing.
std::optional<Meaning> meaning_of(std::string_view folder);

/// A folder of ours, levels joined by '/', and the default names that it has: more than one where they were renamed alike.
struct OurFolder {
    FolderPath path;
    std::string name;
    std::vector<std::string> defaults;
};
std::vector<OurFolder> our_folders(const FolderNames& names);

/// `judged` as the person has it who put it into a folder of that meaning. A bounce keeps what it says of recipients whose
/// part did not decide where it was filed. Reason and type become the nearest that the category has.
MessageRecord corrected(MessageRecord judged, const Judgement& judgement, const Meaning& meaning);

} // namespace nixie
