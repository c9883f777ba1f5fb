#include "worker/service.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "log/log.hpp"
#include "worker/courier.hpp"
#include "worker/journal.hpp"
#include "worker/metrics.hpp"
#include "worker/outbox.hpp"
#include "worker/passing_time.hpp"

namespace nixie {
namespace {

/// How often the courier looks for events that wait for another try, and for what time has brought about.
constexpr Duration events_interval = std::chrono::minutes(1);

} // namespace

Service::Service(std::shared_ptr<const Settings> settings, std::function<SettingsResult()> read_again,
                 const Clock& clock, const Signals& signals, const ServiceManager& manager, Duration patience)
    : house_(std::move(settings), clock, patience),
      read_again_(std::move(read_again)),
      signals_(signals),
      manager_(manager) {}

Service::~Service() { stop(); }

void Service::run() {
    courier_ = std::thread([this] { deliver_events(); });
    start_missing();
    tell_status();
    manager_.ready(status_);
    while (!stopping_ || !posts_.empty()) {
        wait_for_news();
        for (auto asked = signals_.take(); asked != Signals::Asked::nothing; asked = signals_.take()) {
            if (asked == Signals::Asked::to_reload && !stopping_) reload();
            if (asked == Signals::Asked::to_stop && !stopping_) {
                stopping_ = true;
                manager_.stopping();
                for (auto& [name, post] : posts_) post.attendant->stop.ring();
            }
        }
        clear();
        if (!stopping_) {
            start_missing();
            tell_status();
        }
        watch();
    }
    stop();
}

void Service::start(const MailboxConfig& mailbox) {
    Post post;
    post.attendant = std::make_unique<Attendant>(house_, mailbox);
    post.thread = std::thread([attendant = post.attendant.get()] { attendant->attend(); });
    posts_.emplace(mailbox.name, std::move(post));
}

/// A changed mailbox begins anew when its old thread has ended.
void Service::start_missing() {
    const auto settings = house_.settings();
    house_.gate.admit(settings->config.mailboxes);
    for (const auto& mailbox : settings->config.mailboxes)
        if (!posts_.contains(mailbox.name)) start(mailbox);
}

void Service::clear() {
    for (auto it = posts_.begin(); it != posts_.end();) {
        if (!it->second.attendant->ended()) {
            ++it;
            continue;
        }
        it->second.thread.join();
        it = posts_.erase(it);
    }
}

void Service::reload() {
    manager_.reloading();
    const SettingsResult read = read_again_();
    const auto old = house_.settings();
    std::vector<Error> errors = read.errors;
    if (read.settings && read.settings->config.state != old->config.state)
        errors.push_back({ErrorCode::config, "another journal cannot be taken while nixie runs",
                          read.settings->config.state, "leave `state` as it was, or restart nixie"});
    if (errors.empty()) {
        house_.change(read.settings);
        set_log_level(read.settings->config.log.level);
        if (read.settings->config.log.format != old->config.log.format ||
            read.settings->config.log.target != old->config.log.target)
            log(LogLevel::warning, "the log keeps its format and place until nixie is restarted");
        for (auto& [name, post] : posts_)
            if (!is_wanted(post.attendant->config()) || post.attendant->state() == MailboxState::refused)
                post.attendant->stop.ring();
        log(LogLevel::info, "configuration read again", {{"mailboxes", read.settings->config.mailboxes.size()}});
    } else {
        for (const auto& error : errors) log(LogLevel::error, error);
        log(LogLevel::error, "the new configuration is wrong; nixie goes on with the old one");
    }
    status_.clear();
    tell_status();
    manager_.ready(status_);
}

bool Service::is_wanted(const MailboxConfig& mailbox) const {
    const auto settings = house_.settings();
    const auto& wanted = settings->config.mailboxes;
    return std::find(wanted.begin(), wanted.end(), mailbox) != wanted.end();
}

/// Until a signal, news of a mailbox, or the time to ping.
void Service::wait_for_news() {
    std::array<pollfd, 2> polls{{{signals_.fd(), POLLIN, 0}, {house_.news.fd(), POLLIN, 0}}};
    const auto interval = manager_.ping_interval();
    ::poll(polls.data(), polls.size(), interval ? static_cast<int>(interval->count()) : -1);
    house_.news.silence();
}

/// One that hangs is a hang of the whole: the others' work must not hide it.
void Service::watch() {
    const bool all_alive = std::none_of(posts_.begin(), posts_.end(),
                                        [](const auto& post) { return post.second.attendant->pulse.broken(); });
    if (all_alive) manager_.ping();
}

void Service::tell_status() {
    std::map<MailboxState, int> counts;
    for (const auto& [name, post] : posts_) ++counts[post.attendant->state()];
    std::string status = fmt::format("{} mailboxes", posts_.size());
    const char* separator = ": ";
    for (const auto& [state, count] : counts) {
        status += fmt::format("{}{} {}", separator, count, name(state));
        separator = ", ";
    }
    if (status == status_) return;
    status_ = status;
    manager_.status(status_);
}

namespace {

/// Whether events go on in the same way.
bool same_ways(const Config& one, const Config& other) {
    return one.notify == other.notify && one.verp == other.verp && one.retry == other.retry;
}

} // namespace

void Service::deliver_events() {
    std::unique_ptr<Courier> courier;
    MetricsDesk metrics(house_);
    while (!courier_stop_.rung()) {
        const auto settings = house_.settings();
        if (!courier || !same_ways(courier->config(), settings->config)) {
            courier.reset(); // before another one tells the same
            courier = std::make_unique<Courier>(settings, house_.clock);
        }
        auto store = open_journal(settings->config, StoreAccess::write);
        auto done = store ? let_time_pass(*store, settings->config, house_.clock) : Result<void>(store.error());
        if (done && !settings->config.notify.empty()) done = address_events(*store, settings->config, house_.clock);
        if (!done) log(LogLevel::error, done.error(), {{"what", "events"}});
        courier->wake();
        metrics.attend();
        std::array<pollfd, 2> polls{{{courier_stop_.fd(), POLLIN, 0}, {house_.events.fd(), POLLIN, 0}}};
        ::poll(polls.data(), polls.size(), static_cast<int>(std::chrono::milliseconds(events_interval).count()));
        house_.events.silence();
    }
}

void Service::stop() {
    for (auto& [name, post] : posts_) post.attendant->stop.ring();
    for (auto& [name, post] : posts_)
        if (post.thread.joinable()) post.thread.join();
    posts_.clear();
    courier_stop_.ring();
    if (courier_.joinable()) courier_.join();
}

} // namespace nixie
