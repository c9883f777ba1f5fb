#include "worker/reading.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace nixie {
namespace {

/// What may lie here unrecorded: some thousand ordinary reports, or a few as long as they may be.
constexpr std::size_t most_bytes = std::size_t{8} << 20;
/// Of the last chunk so many are recorded together: nothing else is left to be done meanwhile.
constexpr std::size_t last_portion = 100;

} // namespace

Reading::Reading(Mailbox& mailbox, Reader& reader, std::size_t max_bytes, std::size_t judging_threads)
    : mailbox_(mailbox), reader_(reader), max_bytes_(max_bytes) {
    threads_.emplace_back([this] { record_each(); });
    for (std::size_t i = 0; i < judging_threads; ++i) threads_.emplace_back([this] { judge_each(); });
}

Reading::~Reading() {
    {
        const std::lock_guard lock(mutex_);
        leaving_ = true;
    }
    to_record_.notify_one();
    to_judge_.notify_all();
    for (auto& thread : threads_) thread.join();
}

Reading::Outcome Reading::read(std::span<const std::string> uids, std::size_t step, const std::function<bool()>& stop) {
    {
        const std::lock_guard lock(mutex_);
        step_ = step;
        portion_ = step;
    }
    std::vector<std::string> chunk; // what fetch_all() looks into
    const auto next_chunk = [&]() -> std::span<const std::string> {
        chunk.clear();
        while (chunk.empty() && !uids.empty() && !stop()) {
            const auto next = uids.first(std::min(step, uids.size()));
            uids = uids.subspan(next.size());
            chunk = plan(next);
        }
        if (uids.empty()) record_sooner();
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

/// Nothing after an Error. A chunk is planned only when little lies here, so that little is suspect after a crash; but before
/// there is nothing left to judge.
std::vector<std::string> Reading::plan(std::span<const std::string> chunk) {
    std::unique_lock lock(mutex_);
    to_caller_.wait(lock, [this] { return arrivals_.size() + batch_.size() <= 2 * step_; });
    if (error_) return {};
    to_plan_ = chunk;
    to_record_.notify_one();
    to_caller_.wait(lock, [this] { return !to_plan_; });
    return std::exchange(planned_, {});
}

void Reading::record_sooner() {
    const std::lock_guard lock(mutex_);
    portion_ = std::min(step_, last_portion);
    to_record_.notify_one();
}

void Reading::put(FetchedMessage&& message) {
    std::unique_lock lock(mutex_);
    to_caller_.wait(lock, [this] { return bytes_ < most_bytes; });
    if (error_) return;
    const std::size_t bytes = message.bytes.size();
    bytes_ += bytes;
    arrivals_.push_back({std::move(message), bytes, {}});
    to_judge_.notify_one();
}

Reading::Outcome Reading::finish() {
    std::unique_lock lock(mutex_);
    finishing_ = true;
    to_record_.notify_one();
    to_caller_.wait(lock, [this] { return !finishing_; });
    Outcome outcome;
    outcome.journal = std::exchange(error_, {});
    std::copy_if(asked_for_.begin(), asked_for_.end(), std::back_inserter(outcome.unread),
                 [this](const auto& uid) { return !recorded_.contains(uid); });
    asked_for_.clear();
    recorded_.clear();
    return outcome;
}

void Reading::judge_each() {
    reader_.prepare();
    std::unique_lock lock(mutex_);
    for (;;) {
        to_judge_.wait(lock, [this] { return taken_ < arrivals_.size() || leaving_; });
        if (leaving_) return;
        judge(arrivals_[taken_++], lock); // which stays where it is while others come and go
    }
}

void Reading::judge(Arrival& arrival, std::unique_lock<std::mutex>& lock) {
    const bool in_vain = error_.has_value();
    lock.unlock();
    auto record = in_vain ? MessageRecord{} : reader_.judge(arrival.message);
    lock.lock();
    arrival.message = {};
    arrival.record = std::move(record);
    while (judged_ < taken_ && arrivals_[judged_].record) ++judged_;
    if (can_record()) to_record_.notify_one();
}

bool Reading::can_record() const {
    return batch_.size() + judged_ >= portion_ || (finishing_ && all_judged()) || (judged_ > 0 && bytes_ >= most_bytes);
}

void Reading::record_each() {
    std::unique_lock lock(mutex_);
    for (;;) {
        to_record_.wait(lock, [this] { return to_plan_ || can_record() || leaving_; });
        if (leaving_) return;
        if (to_plan_) {
            plan_now(lock);
        } else {
            commit(lock);
            finishing_ = finishing_ && !(arrivals_.empty() && batch_.empty());
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

void Reading::commit(std::unique_lock<std::mutex>& lock) {
    for (; judged_ > 0; --judged_, --taken_) {
        batch_.push_back(*std::move(arrivals_.front().record));
        bytes_ -= arrivals_.front().bytes;
        arrivals_.pop_front();
    }
    const auto batch = std::exchange(batch_, {});
    if (error_ || batch.empty()) return;
    to_caller_.notify_one();
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
