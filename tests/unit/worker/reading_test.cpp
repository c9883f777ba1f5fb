#include "worker/reading.hpp"

#include <catch2/catch.hpp>

#include "unit/worker/fake_mailbox.hpp"

using namespace nixie;

namespace {

/// Remembers what was recorded; keeps the first batch back until all messages are judged.
class SlowJournal final : public Reader {
  public:
    explicit SlowJournal(std::size_t messages) : messages_(messages) {}

    Result<std::vector<std::string>> plan(std::span<const std::string> uids, std::vector<MessageRecord>&) override {
        return std::vector<std::string>(uids.begin(), uids.end());
    }
    void arrived(const FetchedMessage&) override {}
    MessageRecord judge(const FetchedMessage& message) override {
        MessageRecord record;
        record.key.uid = message.uid;
        {
            const std::lock_guard lock(mutex_);
            ++judged_;
        }
        all_judged_.notify_one();
        return record;
    }
    Result<void> record(const std::vector<MessageRecord>& records) override {
        std::unique_lock lock(mutex_);
        all_judged_.wait(lock, [this] { return judged_ == messages_; });
        for (const auto& record : records) recorded.push_back(record.key.uid);
        return {};
    }
    std::vector<std::string> recorded;

  private:
    std::size_t messages_, judged_ = 0;
    std::mutex mutex_;
    std::condition_variable all_judged_;
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
    for (const std::size_t judging_threads : {1, 3}) {
        SlowJournal journal(uids.size());
        Reading reading(mailbox, journal, 100, judging_threads);
        const auto outcome = reading.read(uids, chunk, [] { return false; });
        CHECK_FALSE(outcome.journal);
        CHECK(outcome.unread.empty());
        CHECK(journal.recorded == uids);
    }
}
