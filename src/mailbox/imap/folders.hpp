// The folders of an IMAP mailbox: how they are called there, which exist, and making those that do not.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mailbox/imap/names.hpp"
#include "mailbox/imap/session.hpp"

namespace nixie {

class ImapFolders {
  public:
    enum class Ensured { was_there, created };
    using Levels = std::span<const std::string>;

    /// `session` must outlive this object.
    ImapFolders(ImapSession& session, ImapLog log) : session_(session), log_(std::move(log)) {}

    /// The command that asks for prefix and separator (NAMESPACE, RFC 2342, else LIST), and the reader of its answer and of
    /// what ENABLE says about names.
    [[nodiscard]] ImapCommand ask_namespace() const;
    void read_namespace(const ImapResponse& response);
    [[nodiscard]] const ImapNamespace& space() const { return space_; }

    /// Name on the server.
    [[nodiscard]] std::string name(Levels levels) const;
    /// Of a folder that the user calls so: no prefix is added.
    [[nodiscard]] std::string name_as_given(std::string_view utf8) const { return encode_name(utf8, space_.encoding); }
    /// The names of all folders in the personal namespace that can hold messages.
    Result<std::vector<std::string>> list();
    /// The command that asks for them, the reader of its answers, and what to do with the names: for who has other commands to
    /// send with it. Until then ensure() asks by itself.
    [[nodiscard]] bool has_learnt() const { return known_.has_value(); }
    [[nodiscard]] ImapCommand ask_names() const;
    void read_name(const ImapResponse& response, std::vector<std::string>& names);
    void learn(const std::vector<std::string>& names);
    /// Creates and subscribes the folder and those above it where they are missing. Lists the folders once, then remembers.
    /// Where the server refuses a folder beside the inbox it is made below it, and the other way round.
    Result<Ensured> ensure(Levels levels);
    /// Whether it is plain where and in which letters the folder is, or is to be made, so that missing() tells what to create.
    [[nodiscard]] bool is_plain(Levels levels);
    /// Names on the server of what ensure() would create, those above first. ensure() has been called, or is_plain() says so.
    [[nodiscard]] std::vector<std::string> missing(Levels levels) const;
    /// The server has that folder.
    void remember(Levels levels);
    /// The server says that it has no such folder, whatever was listed.
    void forget(Levels levels);
    /// Asks for a folder of that name on the server that can hold messages: its name as the server spells it.
    Result<std::optional<std::string>> find(const std::string& name);

  private:
    Result<void> learn();
    Result<Ensured> make(Levels levels);
    Result<Ensured> create(const std::string& name, const ImapResponse& created, const ImapResponse& subscribed);
    [[nodiscard]] bool knows(const std::string& name) const;
    [[nodiscard]] bool has_root(Levels levels) const;
    [[nodiscard]] bool find_place(Levels levels);
    bool adopt_known_spelling(const std::string& name);
    void adopt(const std::string& name, const std::string& spelling);
    Error childless(Error error, Levels levels) const;

    ImapSession& session_;
    ImapLog log_;
    ImapNamespace space_;
    bool told_namespace_ = false;
    bool elsewhere_ = false;                     ///< below the inbox instead of beside it, or the other way round
    std::optional<std::set<std::string>> known_; ///< canonical names; nothing before the first LIST
    std::set<std::string> childless_;            ///< canonical names of those marked \Noinferiors
    /// How the server spells what it holds for the same name in other letters: ours, its.
    std::vector<std::pair<std::string, std::string>> spellings_;
};

} // namespace nixie
