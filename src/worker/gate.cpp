#include "worker/gate.hpp"

#include <poll.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace nixie {
namespace {

/// Maildirs have none.
std::string server_of(const MailboxConfig& mailbox) { return to_lower(mailbox.host); }

void wait_for_either(const Bell& turn, const Bell& stop) {
    std::array<pollfd, 2> polls{{{turn.fd(), POLLIN, 0}, {stop.fd(), POLLIN, 0}}};
    while (::poll(polls.data(), polls.size(), -1) < 0) {
    }
}

} // namespace

void ConnectionGate::admit(const std::vector<MailboxConfig>& mailboxes) {
    const std::lock_guard lock(mutex_);
    for (auto& [host, server] : servers_) server.mailboxes = 0;
    for (const auto& mailbox : mailboxes) {
        Server& server = servers_[server_of(mailbox)];
        const auto limit = static_cast<std::size_t>(std::max(1, mailbox.connections));
        server.limit = server.mailboxes == 0 ? limit : std::min(server.limit, limit);
        ++server.mailboxes;
    }
    for (auto& [host, server] : servers_) call_next(server);
}

std::optional<ConnectionGate::Leave> ConnectionGate::enter(const MailboxConfig& mailbox, const Bell& stop) {
    const std::string host = server_of(mailbox);
    if (host.empty()) return Leave{};
    const Bell turn;
    {
        const std::lock_guard lock(mutex_);
        Server& server = servers_[host];
        server.queue.push_back(&turn);
        call_next(server);
    }
    wait_for_either(turn, stop);
    const std::lock_guard lock(mutex_);
    Server& server = servers_[host];
    if (turn.rung()) return Leave(*this, host);
    server.queue.erase(std::remove(server.queue.begin(), server.queue.end(), &turn), server.queue.end());
    return std::nullopt;
}

bool ConnectionGate::crowded(const MailboxConfig& mailbox) const {
    const std::lock_guard lock(mutex_);
    const auto found = servers_.find(server_of(mailbox));
    return found != servers_.end() && !found->first.empty() && found->second.mailboxes > found->second.limit;
}

void ConnectionGate::leave(const std::string& host) {
    const std::lock_guard lock(mutex_);
    Server& server = servers_[host];
    --server.open;
    call_next(server);
}

/// Whose turn has come counts as connected at once.
void ConnectionGate::call_next(Server& server) {
    while (server.open < server.limit && !server.queue.empty()) {
        server.queue.front()->ring();
        server.queue.pop_front();
        ++server.open;
    }
}

} // namespace nixie
