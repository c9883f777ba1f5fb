// What a new configuration is to say, and the file that says it.
#pragma once

#include <string>
#include <string_view>

#include "nixie/result.hpp"

namespace nixie {

struct SetupPlan {
    std::string state;         ///< path of the journal
    std::string name;          ///< of the mailbox
    std::string url;           ///< of its server
    std::string user;          ///< to log in as
    std::string password_file; ///< where the password is; empty with a preset
    std::string preset;        ///< of [mailbox.oauth]
    std::string client_id, client_secret_file, tenant;
    std::string ca_file;
    std::string local_maildir; ///< of a POP3 mailbox
};

/// A name for the mailbox of that address, as the journal and `nixie auth login` know it: "bounces".
std::string mailbox_name_for(const std::string& address);

/// The text of the configuration, with a word on what each line is for.
std::string configuration_text(const SetupPlan& plan);

/// The text of conf/nixie.toml, as a package installs it.
extern const std::string_view sample_configuration;

/// Whether the file holds that sample word for word, so that nothing is lost with it.
bool is_untouched_sample(const std::string& path);

enum class Existing { keep, replace };

/// Writes the whole file or nothing, with that mode; run by root, it gets the owner of `owner_like` where that is a path. An
/// Error where a file is there that is to be kept.
Result<void> install_file(const std::string& path, const std::string& text, unsigned mode, Existing existing,
                          const std::string& owner_like = {});

} // namespace nixie
