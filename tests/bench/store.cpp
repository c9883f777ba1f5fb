// What the journal costs as it grows: recording a message, what people ask it, bytes on disk.
//
// usage: bench_store FOLDER MEMORY RECIPIENTS...     grows a journal in FOLDER to so many recipients, five bounces each; what
//                                                    is small begins in the folder MEMORY, where syncing costs nothing
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>

#include "bench/store_past.hpp"

using namespace nixie;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t people_due = 200;
constexpr std::size_t batch_messages = 500;
constexpr int batches = 60, questions = 200;
constexpr Duration years = std::chrono::hours(24 * 730); ///< over which the bounces lie, however many
constexpr double page = 4096;

double microseconds_since(Clock::time_point begin) {
    return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

double median(std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
    return values[values.size() / 2];
}

/// Of this process, whatever else the machine does.
double cpu_microseconds() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

/// What this process has read and written so far, from the system's cache or the disk alike.
struct Traffic {
    double read = 0, written = 0;
    static Traffic now() {
        std::ifstream in("/proc/self/io");
        Traffic out;
        std::string word;
        in >> word >> out.read >> word >> out.written;
        return out;
    }
};

struct Costs {
    double message = 0, cpu = 0, pages_read = 0, pages_written = 0;          ///< microseconds; a message
    double due = 0, recipient = 0, status = 0, report = 0, suppressions = 0; ///< microseconds
    double bytes = 0;                                                        ///< a bounce
};

class Bench {
  public:
    Bench(const std::string& folder, const std::string& memory)
        : path_(folder + "/bench.db"), slice_(memory + "/slice.db") {
        live_through(slice_, 0, {});
    }

    /// Begins anew: measuring leaves its own rows behind.
    void grow(std::int64_t recipients) {
        for (const char* beside : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + beside);
        std::filesystem::copy_file(slice_, path_);
        slices_ = recipients / slice_recipients;
        arrived_ = bench_now - std::chrono::hours(24 * 7);
        {
            Repeater repeater(path_, slice_, years / slices_);
            for (std::int64_t slice = 1; slice < slices_; ++slice) repeater.repeat(slice);
            repeater.finish();
        }
        settle();
        auto store = must(Store::open(path_, StoreAccess::write));
        make_due(store);
    }

    Costs measure() {
        Costs out;
        out.bytes = static_cast<double>(std::filesystem::file_size(path_)) /
                    static_cast<double>(slices_ * slice_recipients * bounces_each);
        auto store = must(Store::open(path_, StoreAccess::write));
        out.due = asked([&] {
            if (must(store.due(Store::Include::due, bench_policy(), bench_now)).size() != people_due)
                bench_failed("others are due than should be");
        });
        out.recipient = asked([&] {
            if (!must(store.recipient(anybody()))) bench_failed("a reader is not known");
        });
        out.status = asked([&] { must(store.status(bench_policy(), bench_now, 20)); });
        out.report = asked([&] { must(store.summary(week_, week_ + std::chrono::hours(24 * 7), 10)); }, 3);
        std::size_t suppressed = 0;
        out.suppressions = asked([&] { must(store.suppressions([&](const Suppression&) { ++suppressed; })); }, 1);
        out.suppressions /= static_cast<double>(suppressed);
        record(store, out);
        return out;
    }

  private:
    /// What was generated goes to the disk before anything is measured; and a program that has run for a while finds what it
    /// looks into at random in memory, as far as that suffices.
    void settle() {
        const int file = ::open(path_.c_str(), O_RDWR | O_CLOEXEC);
        if (file < 0 || ::fsync(file) != 0) bench_failed("fsync failed");
        ::close(file);
        SQLite::Database db(path_, SQLite::OPEN_READONLY);
        for (const char* sql :
             {"SELECT max(strikes) FROM recipients NOT INDEXED",
              "SELECT count(*) FROM recipients INDEXED BY recipients_by_address WHERE lower(address) > ''",
              "SELECT max(recipient + 0) FROM bounce_rows INDEXED BY bounces_by_recipient",
              "SELECT count(*) FROM message_rows INDEXED BY messages_by_content WHERE sha256 <> ''",
              "SELECT max(key || '') FROM outbox"})
            db.execAndGet(sql);
    }

    void make_due(Store& store) {
        const Time then = bench_now - std::chrono::hours(2);
        std::vector<MessageRecord> messages;
        for (std::int64_t i = 0; i < people_due; ++i)
            messages.push_back(report_about(new_slice_, i * 4, 0, uid_++, then));
        take_in(store, messages, then);
    }

    void record(Store& store, Costs& out) {
        loosen(store);
        std::vector<double> costs, cpu;
        const auto before = Traffic::now();
        for (int batch = 0; batch < batches; ++batch) {
            const auto messages = some_messages();
            const auto begin = Clock::now();
            const auto cpu_begin = cpu_microseconds();
            take_in(store, messages, bench_now);
            cpu.push_back((cpu_microseconds() - cpu_begin) / batch_messages);
            costs.push_back(microseconds_since(begin) / batch_messages);
        }
        const auto after = Traffic::now();
        out.message = median(std::move(costs));
        out.cpu = median(std::move(cpu));
        out.pages_read = (after.read - before.read) / page / (batches * batch_messages);
        out.pages_written = (after.written - before.written) / page / (batches * batch_messages);
    }

    /// An index that was made at once is packed: at first every message would split pages, which in one that grew is rare.
    void loosen(Store& store) {
        for (std::int64_t done = 0; done < slices_ * slice_recipients / 20; done += batch_messages)
            take_in(store, some_messages(), bench_now);
    }

    /// Of one batch: one a second, half of them about new readers.
    std::vector<MessageRecord> some_messages() {
        std::vector<MessageRecord> messages;
        for (std::size_t i = 0; i < batch_messages; ++i) {
            const std::int64_t slice = i % 2 == 0 ? any(slices_) : ++new_slice_;
            messages.push_back(report_about(slice, any(slice_recipients), bounces_each, uid_++, arrived_));
            messages.back().campaign = "edition-now";
            messages.back().sha256.replace(0, 14, fmt::format("{:014x}", dice_() & 0xFFFFFFFFFFFFFF));
            messages.back().report_digest.replace(0, 14, fmt::format("{:014x}", dice_() & 0xFFFFFFFFFFFFFF));
            arrived_ += std::chrono::seconds(1);
        }
        return messages;
    }

    double asked(const std::function<void()>& question, int times = questions) {
        std::vector<double> costs;
        for (int i = 0; i < times; ++i) {
            const auto begin = Clock::now();
            question();
            costs.push_back(microseconds_since(begin));
        }
        return median(std::move(costs));
    }

    std::int64_t any(std::int64_t of) { return static_cast<std::int64_t>(dice_() % static_cast<std::uint64_t>(of)); }
    std::string anybody() { return reader(any(slices_), any(slice_recipients)); }

    std::string path_, slice_;
    std::int64_t slices_ = 1, new_slice_ = 12'000'000, uid_ = 100'000'000;
    std::mt19937_64 dice_{7};
    Time arrived_{};                                      ///< of the next message
    Time week_ = bench_now - std::chrono::hours(24 * 60); ///< in which many bounced
};

void print_heading() {
    fmt::print("{:>10} {:>10} | {:>10} {:>5} {:>8} {:>5} {:>8} {:>9} | {:>7} {:>13} {:>10} {:>10} {:>14} | {:>12}\n",
               "recipients", "bounces", "us/message", "ratio", "cpu, us", "ratio", "pages in", "pages out", "due, ms",
               "recipient, ms", "status, ms", "report, ms", "us/suppression", "bytes/bounce");
}

void print(std::int64_t recipients, const Costs& now, const Costs& smallest) {
    fmt::print(
        "{:>10} {:>10} | {:>10.0f} {:>5.2f} {:>8.0f} {:>5.2f} {:>8.1f} {:>9.1f} | {:>7.2f} {:>13.2f} {:>10.2f} "
        "{:>10.0f} "
        "{:>14.2f} | {:>12.0f}\n",
        recipients, recipients * bounces_each, now.message, now.message / smallest.message, now.cpu,
        now.cpu / smallest.cpu, now.pages_read, now.pages_written, now.due / 1e3, now.recipient / 1e3, now.status / 1e3,
        now.report / 1e3, now.suppressions, now.bytes);
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 4) return 2;
    std::vector<std::int64_t> sizes;
    for (int i = 3; i < argc; ++i) sizes.push_back(std::max<std::int64_t>(slice_recipients, std::atoll(argv[i])));
    std::sort(sizes.begin(), sizes.end());
    check_repeater(argv[2]);
    Bench bench(argv[1], argv[2]);
    print_heading();
    std::fflush(stdout);
    std::optional<Costs> smallest;
    for (const std::int64_t size : sizes) {
        const auto begin = Clock::now();
        bench.grow(size);
        fmt::print(stderr, "grown to {} in {:.0f} s\n", size, microseconds_since(begin) / 1e6);
        const auto now = bench.measure();
        if (!smallest) smallest = now;
        print(size, now, *smallest);
    }
}
