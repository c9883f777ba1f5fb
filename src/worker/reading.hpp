// Reads messages: they are fetched on the caller's thread, judged on several others and recorded on one more, chunk after chunk.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include "mailbox/mailbox.hpp"
#include "store/store.hpp"
#include "worker/cycle.hpp"

namespace nixie {

/// What is done with messages on their way through.
class Reader {
  public:
    virtual ~Reader() = default;
    /// Before they are fetched, on the thread that records. Answers which of them are to be; records of those that are not go to
    /// `records`.
    virtual Result<std::vector<std::string>> plan(std::span<const std::string> uids,
                                                  std::vector<MessageRecord>& records) = 0;
    /// On the caller's thread.
    virtual void arrived(const FetchedMessage& message) = 0;
    /// On each judging thread, before there is a message.
    virtual void prepare() {}
    /// On any of the judging threads, several at a time.
    virtual MessageRecord judge(const FetchedMessage& message) = 0;
    /// In the order in which they arrived.
    virtual Result<void> record(const std::vector<MessageRecord>& records) = 0;
};

/// Records one chunk while the next is judged and the one after that is fetched. What has arrived and is not recorded is bounded
/// in bytes and in number.
class Reading {
  public:
    Reading(Mailbox& mailbox, Reader& reader, std::size_t max_bytes, std::size_t judging_threads);
    ~Reading();
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    struct Outcome {
        std::optional<Error> journal;    ///< why messages were not recorded
        std::optional<Error> mailbox;    ///< why messages did not come
        std::vector<std::string> unread; ///< planned and not recorded, in the order asked for
    };

    /// In chunks of `step`, until all are read or `stop`, asked before each chunk, says so. What has come is recorded when it
    /// returns, whatever became of the rest.
    Outcome read(std::span<const std::string> uids, std::size_t step, const std::function<bool()>& stop);

  private:
    /// A message from its arrival until it is recorded.
    struct Arrival {
        FetchedMessage message;
        std::size_t bytes = 0;
        std::optional<MessageRecord> record; ///< once it is judged
    };

    /// On the caller's thread.
    std::vector<std::string> plan(std::span<const std::string> chunk);
    void record_sooner();
    void put(FetchedMessage&& message);
    Outcome finish();

    /// On those that judge.
    void judge_each();
    void judge(Arrival& arrival, std::unique_lock<std::mutex>& lock);

    /// On the one that records.
    void record_each();
    [[nodiscard]] bool all_judged() const { return judged_ == arrivals_.size(); }
    [[nodiscard]] bool can_record() const;
    void plan_now(std::unique_lock<std::mutex>& lock);
    void commit(std::unique_lock<std::mutex>& lock);

    Mailbox& mailbox_;
    Reader& reader_;
    std::size_t max_bytes_;

    std::mutex mutex_;
    std::condition_variable to_judge_, to_record_, to_caller_;
    std::deque<Arrival> arrivals_; ///< oldest first
    std::size_t bytes_ = 0;        ///< of them, as they came
    std::size_t taken_ = 0;        ///< of them, from the front: judged, or being judged
    std::size_t judged_ = 0;       ///< of them, from the front: all judged
    std::vector<MessageRecord> batch_;
    std::size_t step_ = 1;
    std::size_t portion_ = 1; ///< judged messages that are worth a commit
    std::optional<std::span<const std::string>> to_plan_;
    std::vector<std::string> planned_;
    std::vector<std::string> asked_for_; ///< what was planned
    std::unordered_set<std::string> recorded_;
    std::optional<Error> error_;
    bool finishing_ = false, leaving_ = false;
    std::vector<std::thread> threads_;
};

} // namespace nixie
