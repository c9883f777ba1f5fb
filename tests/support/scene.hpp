// A mailbox with its journal and its configuration, and the program run on them.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "support/dovecot.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

namespace nixie {

/// Its mailbox is called "bounces".
struct Scene {
    std::filesystem::path maildir; ///< the server's, or the one without a server
    std::string journal, config;

    /// The whole command line: the program, `arguments`, and the configuration.
    [[nodiscard]] std::vector<std::string> command(std::vector<std::string> arguments) const;
    /// Runs it to its end.
    [[nodiscard]] Finished nixie(const std::vector<std::string>& arguments,
                                 const std::map<std::string, std::string>& environment = {}) const;
    /// What the journal answers to a query: a line for each row, its columns separated by spaces; sorted.
    [[nodiscard]] std::string rows(const std::string& sql) const;
};

/// The journal, the configuration and what a Maildir scene reads are files in `dir` that begin with `name`. `more` follows
/// the [[mailbox]]: keys of it, then other tables.
Scene maildir_scene(const TemporaryDirectory& dir, const std::string& name, const std::string& more = "");
/// The mailbox of the user called `name`.
Scene imap_scene(const TemporaryDirectory& dir, const Dovecot& dovecot, const std::string& name,
                 const std::string& more = "");
/// The keys of a mailbox on a server: its URL, and the login.
std::string server_keys(const std::string& url, const std::string& user);
/// A mailbox as `mailbox` configures it; `maildir` is where its messages are.
Scene make_scene(const TemporaryDirectory& dir, const std::string& name, const std::filesystem::path& maildir,
                 const std::string& mailbox);

} // namespace nixie
