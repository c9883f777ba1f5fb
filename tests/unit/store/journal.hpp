// A journal in a directory of its own, and messages to record in it.
#pragma once

#include <SQLiteCpp/Database.h>

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

#include "store/store.hpp"
#include "support/temporary_directory.hpp"

namespace nixie {

/// The value, or the test ends with the error's text.
template <class T>
T must(Result<T> result) {
    if (!result.ok()) FAIL(result.error().text());
    return std::move(result).value();
}
inline void must(const Result<void>& result) {
    if (!result.ok()) FAIL(result.error().text());
}

inline constexpr Time noon{std::chrono::seconds{1'795'262'400}}; // 2026-11-21T12:00:00Z
inline constexpr std::chrono::hours hour{1};

/// A journal open for writing.
struct Journal {
    TemporaryDirectory directory;
    std::string path = directory.file("state.db");
    Store store = must(Store::open(path, StoreAccess::write));
    RetryPolicy policy;

    std::string record(const MessageRecord& message) { return record(message, message.arrived); }
    std::string record(const MessageRecord& message, Time now) {
        return must(store.record(std::vector<MessageRecord>{message}, policy, now)).front();
    }
    RecipientDetail recipient(const std::string& address) {
        auto found = must(store.recipient(address));
        REQUIRE(found);
        return *found;
    }
    /// By another program, as it were.
    void execute(const std::string& sql) { SQLite::Database(path, SQLite::OPEN_READWRITE).exec(sql); }
    /// Tells `event` by one way.
    void tell(const OutboxEvent& event, Time now) {
        must(store.address(event.id, std::vector<std::string>{"hook"}, now));
        for (const auto& delivery : must(store.deliveries("hook", 1000, now)))
            if (delivery.event.id == event.id) must(store.delivered(delivery.id, now));
    }
    std::vector<std::string> event_types() {
        std::vector<std::string> types;
        for (const auto& event : must(store.outbox(1000, Time{std::chrono::seconds{4'000'000'000}})))
            types.push_back(event.type);
        return types;
    }
};

inline BounceRecord bounce_of(const std::string& address, BounceType type) {
    BounceRecord bounce;
    bounce.address = address;
    bounce.type = type;
    bounce.reason = type == BounceType::hard ? Reason::user_unknown : Reason::mailbox_full;
    bounce.category = info(bounce.reason).category;
    bounce.status = type == BounceType::hard ? "5.1.1" : "4.2.2";
    bounce.smtp_code = type == BounceType::hard ? "550" : "452";
    bounce.action = "failed";
    bounce.diagnostic = "said of " + address;
    bounce.remote_mta = "mx.example.net";
    bounce.rule = "some-rule";
    bounce.matched = "said";
    return bounce;
}

/// Its content is told by its uid; change `sha256` where it is to be another's.
inline MessageRecord message_of(const std::string& uid, Kind kind, Time arrived,
                                std::vector<BounceRecord> bounces = {}) {
    MessageRecord message;
    message.key = {"bounces", "7", uid};
    message.sha256 = "content-of-" + uid;
    message.size = 1234;
    message.arrived = arrived;
    message.kind = kind;
    message.folder = "Bounces/" + std::string(name(kind));
    message.format = "postfix";
    message.reporting_mta = "mta.example.org";
    message.original_message_id = "original-" + uid + "@example.org";
    message.original_subject = "News";
    message.campaign = "autumn";
    message.bounces = std::move(bounces);
    return message;
}

inline MessageRecord soft_bounce(const std::string& uid, const std::string& address, Time arrived) {
    return message_of(uid, Kind::bounce, arrived, {bounce_of(address, BounceType::soft)});
}
inline MessageRecord hard_bounce(const std::string& uid, const std::string& address, Time arrived) {
    return message_of(uid, Kind::bounce, arrived, {bounce_of(address, BounceType::hard)});
}

} // namespace nixie
