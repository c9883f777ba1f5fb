#include "worker/reading.hpp"

#include <catch2/catch.hpp>

#include "unit/worker/fake_mailbox.hpp"

using namespace nixie;

namespace {

/// Remembers what was recorded. Judges nothing until all is planned, and keeps the first batch back until all is judged.
class SlowJournal final : public Reader {
  public:
    explicit SlowJournal(std::size_t messages) : messages_(messages) {}

    Result<std::vector<std::string>> plan(std::span<const std::string> uids, std::vector<MessageRecord>&) override {
        {
            const std::lock_guard lock(mutex_);
            planned_ += uids.size();
        }
        changed_.notify_all();
        return std::vector<std::string>(uids.begin(), uids.end());
    }
    void arrived(const FetchedMessage&) override {}
    MessageRecord judge(const FetchedMessage& message) override {
        MessageRecord record;
        record.key.uid = message.uid;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return planned_ == messages_; });
            ++judged_;
        }
        changed_.notify_all();
        return record;
    }
    Result<void> record(const std::vector<MessageRecord>& records) override {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return judged_ == messages_; });
        for (const auto& record : records) recorded.push_back(record.key.uid);
        return {};
    }
    std::vector<std::string> recorded;

  private:
    std::size_t messages_, planned_ = 0, judged_ = 0;
    std::mutex mutex_;
    std::condition_variable changed_;
};

} // namespace

TEST_CASE("reading: what was judged while the last chunk was being recorded is recorded too, in the order it came") {
    constexpr std::size_t chunk = 50;
    FakeMailbox mailbox;
    std::vector<std::string> uids;
    for (std::size_t uid = 1; uid < 2 * chunk; ++uid) {
        uids.push_back(std::to_string(uid));
        mailbox.inbox.emplace_back(uids.back(), "bytes");
    }
    for (const std::size_t judging_threads : {1U, 3U}) {
        SlowJournal journal(uids.size());
        Reading reading(mailbox, journal, 100, judging_threads);
        const auto outcome = reading.read(uids, chunk, [] { return false; });
        CHECK_FALSE(outcome.journal);
        CHECK(outcome.unread.empty());
        CHECK(journal.recorded == uids);
    }
}
