#include <catch2/catch.hpp>

#include <thread>

#include "worker/gate.hpp"

using namespace nixie;

namespace {

constexpr Duration long_enough = std::chrono::seconds(30);

MailboxConfig mailbox_on(const std::string& host, int connections) {
    MailboxConfig out;
    out.host = host;
    out.connections = connections;
    return out;
}

/// Somebody who enters and stays until told to leave.
class Visitor {
  public:
    Visitor(ConnectionGate& gate, const MailboxConfig& mailbox)
        : thread_([this, &gate, mailbox] {
              const auto leave = gate.enter(mailbox, stop);
              if (leave) inside.ring();
              ended.ring();
              static_cast<void>(stop.wait(long_enough));
          }) {}
    ~Visitor() {
        stop.ring();
        thread_.join();
    }
    Visitor(const Visitor&) = delete;
    Visitor& operator=(const Visitor&) = delete;

    Bell stop, inside, ended;

  private:
    std::thread thread_;
};

} // namespace

TEST_CASE("gate: who comes when the server's connections are taken waits until one is given back") {
    ConnectionGate gate;
    const auto mailbox = mailbox_on("imap.example.org", 1);
    gate.admit({mailbox, mailbox});
    const Bell never;
    auto held = gate.enter(mailbox, never);
    REQUIRE(held);
    const Visitor second(gate, mailbox_on("IMAP.example.org", 1));
    CHECK_FALSE(second.inside.rung());
    held.reset();
    CHECK(second.inside.wait(long_enough));
}

TEST_CASE("gate: servers do not wait for each other, and Maildirs for nobody") {
    ConnectionGate gate;
    const auto one = mailbox_on("one", 1), other = mailbox_on("other", 1), maildir = mailbox_on("", 0);
    gate.admit({one, other, maildir, maildir});
    const Bell never;
    const auto first = gate.enter(one, never), second = gate.enter(other, never), third = gate.enter(maildir, never),
               fourth = gate.enter(maildir, never);
    CHECK((first && second && third && fourth));
}

TEST_CASE("gate: who is told to stop waits no longer, and takes no connection") {
    ConnectionGate gate;
    const auto mailbox = mailbox_on("imap.example.org", 1);
    gate.admit({mailbox, mailbox, mailbox});
    const Bell never;
    auto held = gate.enter(mailbox, never);
    {
        const Visitor impatient(gate, mailbox);
        impatient.stop.ring();
        CHECK(impatient.ended.wait(long_enough));
        CHECK_FALSE(impatient.inside.rung());
    }
    held.reset();
    const Visitor next(gate, mailbox);
    CHECK(next.inside.wait(long_enough));
}

TEST_CASE("gate: the least limit of a server's mailboxes holds, and a higher one lets in who waits") {
    ConnectionGate gate;
    const auto two = mailbox_on("x", 2), one = mailbox_on("x", 1);
    gate.admit({two, one});
    CHECK(gate.crowded(two));
    const Bell never;
    const auto held = gate.enter(two, never);
    const Visitor second(gate, two);
    CHECK_FALSE(second.inside.rung());
    gate.admit({two, two});
    CHECK(second.inside.wait(long_enough));
    CHECK_FALSE(gate.crowded(two));
}
