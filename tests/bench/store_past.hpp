// A past for the journal that scripts/bench store measures: some weeks of five hundred readers go through the real Store, and SQL
// then repeats them under other names and at earlier times, which is much faster than living through them again.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "nixie/decision.hpp"
#include "nixie/time.hpp"
#include "store/store.hpp"

namespace nixie {

/// When it is measured.
inline constexpr Time bench_now{std::chrono::seconds{1'795'262'400}}; // 2026-11-21T12:00:00Z
inline constexpr std::int64_t slice_recipients = 500, bounces_each = 5;
inline constexpr const char* bench_mailbox = "bounces";
inline constexpr const char* bench_validity = "1712345678";

[[noreturn]] void bench_failed(const std::string& what);

/// The value, or the bench ends with the error's text.
template <class T>
T must(Result<T> result) {
    if (result) return std::move(result).value();
    bench_failed(result.error().text());
}
void must(const Result<void>& result);

/// Nothing is held: a journal full of bounces and nothing else would look like trouble throughout.
RetryPolicy bench_policy();

/// Reader `i` of the slice `slice`, anywhere in the order of addresses.
std::string reader(std::int64_t slice, std::int64_t i);
/// About that reader: bounce `j` of five.
MessageRecord report_about(std::int64_t slice, std::int64_t i, std::int64_t j, std::int64_t uid, Time arrived);

/// Takes messages the whole way, as the worker does: planned, recorded, filed.
void take_in(Store& store, const std::vector<MessageRecord>& messages, Time now);
/// Lets five hundred readers bounce five times each, until nobody is waited for any more and all events are delivered. Slices lie
/// `apart`, each before the one with the number before it.
void live_through(const std::string& path, std::int64_t slice, Duration apart);

/// Repeats slice 0, of which the journal `slice` holds nothing else, in another that began with it. Nothing else may have either
/// file open.
class Repeater {
  public:
    Repeater(const std::string& path, const std::string& slice, Duration apart);
    ~Repeater();
    Repeater(const Repeater&) = delete;
    Repeater& operator=(const Repeater&) = delete;
    void repeat(std::int64_t slice);
    /// Makes the indices, which slices in any order would have made slow.
    void finish();

  private:
    struct Copy {
        std::chrono::hours kept; ///< older rows would have been removed
        SQLite::Statement insert;
    };
    void prepare(const std::string& table, std::chrono::hours kept, const std::string& conflict);
    std::string changed(const std::string& table, const std::string& column, const std::string& type);
    std::string referred(const std::string& table, const std::string& column);

    void put_off_indices();
    void repeat_texts(std::int64_t slice);

    SQLite::Database db_;
    Duration apart_;
    std::vector<std::string> indices_; ///< statements that make them
    std::vector<Copy> copies_;
};

/// Compares slices 0 and 1, both lived through, with slice 0 and its repetition; ends the bench where they differ.
void check_repeater(const std::string& folder);

} // namespace nixie
