// The service: a thread for each mailbox, signals, reloads, and what systemd is told.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "worker/attendant.hpp"
#include "worker/settings.hpp"
#include "worker/stop.hpp"
#include "worker/systemd.hpp"

namespace nixie {

class Service {
  public:
    /// `read_again` is called on SIGHUP. `signals` must be older than any thread. The references must outlive it. The manager is
    /// pinged as long as no thread is silent for longer than `patience` beyond what it said it would be.
    Service(std::shared_ptr<const Settings> settings, std::function<SettingsResult()> read_again, const Clock& clock,
            const Signals& signals, const ServiceManager& manager, Duration patience = step_patience);
    ~Service();

    /// Attends to the mailboxes until SIGTERM or SIGINT, and ends with what was in hand finished. SIGHUP reads the
    /// configuration again: a wrong one is complained of and changes nothing; a mailbox that is as it was, and whose login was
    /// not refused, notices nothing.
    void run();

  private:
    struct Post {
        std::unique_ptr<Attendant> attendant;
        std::thread thread;
    };

    void start(const MailboxConfig& mailbox);
    void start_missing();
    /// Joins the threads that have ended.
    void clear();
    void reload();
    void stop();
    void wait_for_news();
    void watch();
    void tell_status();
    void deliver_events();
    [[nodiscard]] bool is_wanted(const MailboxConfig& mailbox) const;

    House house_;
    std::function<SettingsResult()> read_again_;
    const Signals& signals_;
    const ServiceManager& manager_;
    std::map<std::string, Post> posts_; ///< by the mailbox's name
    Bell courier_stop_;
    std::thread courier_; ///< delivers events, so that a slow command delays no mailbox
    std::string status_;  ///< as last told
    bool stopping_ = false;
};

} // namespace nixie
