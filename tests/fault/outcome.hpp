// What must be the same in the end, whatever befell the program on the way.
#pragma once

#include <filesystem>
#include <string>

#include "support/maildir_tree.hpp"
#include "support/scene.hpp"

namespace nixie {

/// Where the messages of a scene are filed: in the server's Maildir, or for POP3 in one beside the journal.
inline std::filesystem::path tree_of(const Scene& scene) {
    const std::filesystem::path local = scene.journal + ".filed";
    return std::filesystem::exists(local) ? local : scene.maildir;
}

/// The [[mailbox]] of the POP3 scene called `name`.
inline std::string pop3_keys(const std::string& url, const TemporaryDirectory& dir, const std::string& name) {
    return server_keys(url, name) + "maildir = \"" + dir.file(name + ".db.filed") + "\"\n";
}

inline std::string outcome(const Scene& scene) {
    std::string out;
    for (const auto& [folder, ids] : message_ids(tree_of(scene)))
        for (const auto& id : ids) out += folder + " " + id + "\n";
    out += std::to_string(message_counts(scene.maildir).count("")) + " left in the inbox\n";
    return out + scene.rows("SELECT stage FROM messages WHERE duplicate_of IS NULL") +
           scene.rows("SELECT address, reason, decision FROM bounces") +
           scene.rows("SELECT count(*) FROM corrections") +
           scene.rows("SELECT address, state, window, soft_bounces, hard_bounces, blocked_bounces FROM recipients");
}

} // namespace nixie
