// The folders of an IMAP mailbox: how they are called there, which exist, and making those that do not.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "mailbox/imap/names.hpp"
#include "mailbox/imap/session.hpp"

namespace nixie {

class ImapFolders {
  public:
    enum class Ensured { was_there, created };

    /// `session` must outlive this object.
    ImapFolders(ImapSession& session, ImapLog log) : session_(session), log_(std::move(log)) {}

    /// The command that asks for prefix and separator (NAMESPACE, RFC 2342, else LIST), and the reader of its answer.
    [[nodiscard]] ImapCommand ask_namespace() const;
    void read_namespace(const ImapResponse& response);
    [[nodiscard]] const ImapNamespace& space() const { return space_; }

    /// Name on the server.
    [[nodiscard]] std::string name(std::span<const std::string> levels) const { return join_folder(levels, space_); }
    /// Asks for the names of all folders in the personal namespace that can hold messages.
    Result<std::vector<std::string>> list();
    /// Creates and subscribes the folder and those above it where they are missing. Lists the folders once, then remembers.
    Result<Ensured> ensure(std::span<const std::string> levels);
    /// The server says that it has no such folder, whatever was listed.
    void forget(std::span<const std::string> levels);

  private:
    Result<void> learn();
    Result<Ensured> create(const std::string& name);
    Result<bool> exists(const std::string& name);

    ImapSession& session_;
    ImapLog log_;
    ImapNamespace space_;
    std::optional<std::set<std::string>> known_; ///< canonical names; nothing before the first LIST
};

} // namespace nixie
