#include "worker/reading.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace nixie {
namespace {

/// What may lie here unread: some thousand ordinary reports, or a few as long as they may be.
constexpr std::size_t most_waiting_bytes = std::size_t{8} << 20;

} // namespace

Reading::Reading(Mailbox& mailbox, Reader& reader, std::size_t max_bytes)
    : mailbox_(mailbox), reader_(reader), max_bytes_(max_bytes), thread_([this] { work(); }) {}

Reading::~Reading() {
    {
        const std::lock_guard lock(mutex_);
        leaving_ = true;
    }
    to_work_.notify_one();
    thread_.join();
}

Reading::Outcome Reading::read(std::span<const std::string> uids, std::size_t step, const std::function<bool()>& stop) {
    step_ = step;
    std::vector<std::string> chunk; // what fetch_all() looks into
    const auto next_chunk = [&]() -> std::span<const std::string> {
        chunk.clear();
        while (chunk.empty() && !uids.empty() && !stop()) {
            const auto next = uids.first(std::min(step, uids.size()));
            uids = uids.subspan(next.size());
            chunk = plan(next);
        }
        return chunk;
    };
    const auto fetched = mailbox_.fetch_all(next_chunk, max_bytes_, [this](FetchedMessage&& message) {
        reader_.arrived(message);
        put(std::move(message));
    });
    Outcome outcome = finish();
    if (!fetched) outcome.mailbox = fetched.error();
    return outcome;
}

/// Nothing after an Error. A chunk is planned only when little lies here, so that little is suspect after a crash.
std::vector<std::string> Reading::plan(std::span<const std::string> chunk) {
    std::unique_lock lock(mutex_);
    to_caller_.wait(lock, [this] { return waiting_.size() + batch_.size() <= step_; });
    if (error_) return {};
    to_plan_ = chunk;
    to_work_.notify_one();
    to_caller_.wait(lock, [this] { return !to_plan_; });
    return std::exchange(planned_, {});
}

void Reading::put(FetchedMessage&& message) {
    std::unique_lock lock(mutex_);
    to_caller_.wait(lock, [this] { return waiting_bytes_ < most_waiting_bytes; });
    if (error_) return;
    waiting_bytes_ += message.bytes.size();
    waiting_.push_back(std::move(message));
    to_work_.notify_one();
}

Reading::Outcome Reading::finish() {
    std::unique_lock lock(mutex_);
    finishing_ = true;
    to_work_.notify_one();
    to_caller_.wait(lock, [this] { return !finishing_; });
    Outcome outcome;
    outcome.journal = std::exchange(error_, {});
    std::copy_if(asked_for_.begin(), asked_for_.end(), std::back_inserter(outcome.unread),
                 [this](const auto& uid) { return !recorded_.contains(uid); });
    asked_for_.clear();
    recorded_.clear();
    return outcome;
}

void Reading::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        to_work_.wait(lock, [this] { return to_plan_ || !waiting_.empty() || finishing_ || leaving_; });
        if (to_plan_) {
            plan_now(lock);
        } else if (!waiting_.empty()) {
            judge_next(lock);
        } else if (finishing_) {
            commit(lock);
            finishing_ = false;
        } else {
            return;
        }
        to_caller_.notify_one();
    }
}

void Reading::plan_now(std::unique_lock<std::mutex>& lock) {
    const auto chunk = *to_plan_;
    std::vector<MessageRecord> records;
    lock.unlock();
    auto planned = reader_.plan(chunk, records);
    lock.lock();
    if (planned) {
        asked_for_.insert(asked_for_.end(), planned->begin(), planned->end());
        planned_ = std::move(*planned);
        std::move(records.begin(), records.end(), std::back_inserter(batch_));
    } else {
        error_ = planned.error();
    }
    to_plan_.reset();
}

void Reading::judge_next(std::unique_lock<std::mutex>& lock) {
    FetchedMessage message = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_bytes_ -= message.bytes.size();
    if (error_) return;
    lock.unlock();
    auto record = reader_.judge(message);
    lock.lock();
    batch_.push_back(std::move(record));
    if (batch_.size() >= step_) commit(lock);
}

void Reading::commit(std::unique_lock<std::mutex>& lock) {
    const auto batch = std::exchange(batch_, {});
    if (error_ || batch.empty()) return;
    lock.unlock();
    const auto recorded = reader_.record(batch);
    lock.lock();
    if (!recorded) {
        error_ = recorded.error();
        return;
    }
    for (const auto& record : batch) recorded_.insert(record.key.uid);
}

} // namespace nixie
