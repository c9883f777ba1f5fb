// Reads messages: they are fetched on the caller's thread and judged and recorded on another, chunk after chunk.
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

/// What is done with messages on their way through; all but arrived() on the reading's own thread.
class Reader {
  public:
    virtual ~Reader() = default;
    /// Before they are fetched. Answers which of them are to be; records of those that are not go to `records`.
    virtual Result<std::vector<std::string>> plan(std::span<const std::string> uids,
                                                  std::vector<MessageRecord>& records) = 0;
    /// On the caller's thread.
    virtual void arrived(const FetchedMessage& message) = 0;
    virtual MessageRecord judge(const FetchedMessage& message) = 0;
    virtual Result<void> record(const std::vector<MessageRecord>& records) = 0;
};

/// Works on one chunk while the next is fetched and the one after that is on its way to the server. What has arrived and is not
/// recorded is bounded in bytes and in number.
class Reading {
  public:
    Reading(Mailbox& mailbox, Reader& reader, std::size_t max_bytes);
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
    /// On the caller's thread.
    std::vector<std::string> plan(std::span<const std::string> chunk);
    void put(FetchedMessage&& message);
    Outcome finish();

    /// On the other.
    void work();
    void plan_now(std::unique_lock<std::mutex>& lock);
    void judge_next(std::unique_lock<std::mutex>& lock);
    void commit(std::unique_lock<std::mutex>& lock);

    Mailbox& mailbox_;
    Reader& reader_;
    std::size_t max_bytes_;

    std::mutex mutex_;
    std::condition_variable to_work_, to_caller_;
    std::deque<FetchedMessage> waiting_;
    std::size_t waiting_bytes_ = 0;
    std::vector<MessageRecord> batch_;
    std::size_t step_ = 1;
    std::optional<std::span<const std::string>> to_plan_;
    std::vector<std::string> planned_;
    std::vector<std::string> asked_for_; ///< what was planned
    std::unordered_set<std::string> recorded_;
    std::optional<Error> error_;
    bool finishing_ = false, leaving_ = false;
    std::thread thread_;
};

} // namespace nixie
