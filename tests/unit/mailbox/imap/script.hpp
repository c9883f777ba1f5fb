// An IMAP server in memory: answers by rule and records what it was asked.
#pragma once

#include <algorithm>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mailbox/imap/stream.hpp"

namespace nixie {

struct ImapScript {
    struct Rule {
        std::string prefix;
        std::deque<std::string> replies; ///< one a time; the last one stays
    };

    std::vector<Rule> rules;
    std::vector<std::string> asked; ///< lines received, without tags
    std::deque<std::string> events; ///< what the server says by itself, one each time the client waits with a limit
    std::vector<Duration> waited;   ///< limits that passed in silence
    std::string pending;            ///< not received yet by the client
    std::size_t chunk = 7;          ///< bytes given out at once
    int connected = 0;
    std::string announced;   ///< what the server said it could do before the login
    std::string login_reply; ///< what the server said to the login
    int flights = 0; ///< round trips: how often the client began to wait for an answer after it had sent something

    /// "%t" in a reply is the command's tag. A later rule goes before earlier ones.
    ImapScript& on(std::string prefix, std::deque<std::string> replies) {
        rules.insert(rules.begin(), {std::move(prefix), std::move(replies)});
        return *this;
    }

    [[nodiscard]] std::size_t count(const std::string& prefix) const {
        return static_cast<std::size_t>(
            std::count_if(asked.begin(), asked.end(), [&](const auto& line) { return line.starts_with(prefix); }));
    }

    void take(const std::string& line) {
        const auto space = line.find(' ');
        const bool tagged = line.size() > 1 && line[0] == 'n' && line[1] >= '0' && line[1] <= '9';
        const std::string command = tagged ? line.substr(space + 1) : line;
        if (tagged) tag_ = line.substr(0, space);
        asked.push_back(command);
        for (auto& rule : rules) {
            if (!command.starts_with(rule.prefix)) continue;
            std::string reply = rule.replies.front();
            if (rule.replies.size() > 1) rule.replies.pop_front();
            for (std::size_t at = 0; (at = reply.find("%t", at)) != std::string::npos;) reply.replace(at, 2, tag_);
            pending += reply;
            return;
        }
        pending += tag_ + " OK done\r\n";
    }

  private:
    std::string tag_;
};

class ScriptedStream final : public ImapStream {
  public:
    explicit ScriptedStream(std::shared_ptr<ImapScript> script) : script_(std::move(script)) {}

    [[nodiscard]] std::string login_reply() const override { return script_->login_reply; }
    [[nodiscard]] std::string announced() const override { return script_->announced; }
    Result<void> send(std::string_view bytes) override {
        sent_ = true;
        input_ += bytes;
        for (std::size_t end; (end = input_.find("\r\n")) != std::string::npos;) {
            script_->take(input_.substr(0, end));
            input_.erase(0, end + 2);
        }
        return {};
    }
    Result<std::size_t> receive(std::span<char> buffer) override {
        if (std::exchange(sent_, false)) ++script_->flights;
        if (script_->pending.empty()) return Error{ErrorCode::unavailable, "connection lost"};
        const std::size_t size = std::min({buffer.size(), script_->pending.size(), script_->chunk});
        std::memcpy(buffer.data(), script_->pending.data(), size);
        script_->pending.erase(0, size);
        return size;
    }
    Result<std::size_t> receive(std::span<char> buffer, Duration timeout, int) override {
        if (script_->pending.empty() && !script_->events.empty()) {
            script_->pending = script_->events.front();
            script_->events.pop_front();
        }
        if (!script_->pending.empty()) return receive(buffer);
        script_->waited.push_back(timeout);
        return std::size_t{0};
    }

  private:
    std::shared_ptr<ImapScript> script_;
    std::string input_;
    bool sent_ = false;
};

inline ImapConnector connector_to(const std::shared_ptr<ImapScript>& script) {
    return [script]() -> Result<std::unique_ptr<ImapStream>> {
        ++script->connected;
        return std::unique_ptr<ImapStream>(std::make_unique<ScriptedStream>(script));
    };
}

/// A server with these capabilities and an inbox of three messages; UIDs below 100 were there before.
inline std::shared_ptr<ImapScript> imap_script(const std::string& capabilities) {
    auto script = std::make_shared<ImapScript>();
    script->on("CAPABILITY", {"* CAPABILITY IMAP4rev1 " + capabilities + "\r\n%t OK\r\n"})
        .on("NAMESPACE", {"* NAMESPACE ((\"INBOX.\" \".\")) NIL NIL\r\n%t OK\r\n"})
        .on("SELECT", {"* 3 EXISTS\r\n* OK [UIDVALIDITY 42] x\r\n* OK [UIDNEXT 100] x\r\n%t OK [READ-WRITE] x\r\n"})
        .on("EXAMINE", {"* 3 EXISTS\r\n* OK [UIDVALIDITY 42] x\r\n* OK [UIDNEXT 100] x\r\n%t OK [READ-ONLY] x\r\n"});
    return script;
}

} // namespace nixie
