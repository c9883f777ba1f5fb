#include "store/privacy.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/text.hpp"
#include "support/whole_file.hpp"
#include "unit/store/journal.hpp"

using namespace nixie;

namespace {

const Privacy hashed{Privacy::Addresses::hashed, std::string(32, 'k')};

/// All that lies in the journal's folder.
std::string all_bytes(const TemporaryDirectory& directory) {
    std::string out;
    for (const auto& name : directory.listing()) out += to_lower(read_file(directory.file(name)));
    return out;
}

MessageRecord telling_bounce(const std::string& uid) {
    auto message = hard_bounce(uid, "Ann.Lee@Example.org", noon);
    message.bounces[0].diagnostic = "550 <ann.lee@example.org>: ann.lee is unknown here";
    message.original_subject = "For ann.lee@example.org";
    return message;
}

} // namespace

TEST_CASE("privacy: a text keeps neither addresses nor the recipient's local part") {
    const auto [text, expected] = GENERATE(table<std::string, std::string>({
        {"550 5.1.1 <ann.lee@example.org>: unknown", "550 5.1.1 <[address]>: unknown"},
        {"ANN.LEE... User unknown", "[address]... User unknown"},
        {"user Ann.Lee is not joann.lees", "user [address] is not joann.lees"},
        {"x \"odd name\"@example.org y", "x [address] y"},
        {"a@b@c and @", "[address][address] and [address]"},
        {"no address", "no address"},
        {"", ""},
    }));
    CHECK(without_addresses(text, "ann.lee@example.org") == expected);
}

TEST_CASE("privacy: a long row of at signs costs no more than its length") {
    CHECK(without_addresses(std::string(200'000, '@'), "ann@example.org").size() == 200'000 * 9);
    CHECK(without_addresses(std::string(200'000, 'a') + "@", "ann@example.org") == "[address]");
}

TEST_CASE("privacy: a journal of hashes finds a recipient by the address and holds it nowhere") {
    TemporaryDirectory directory;
    const auto path = directory.file("state.db");
    {
        auto store = must(Store::open(path, StoreAccess::write, hashed));
        must(store.record(std::vector{telling_bounce("1")}, RetryPolicy{}, noon));
        const auto ann = must(store.recipient("ANN.LEE@example.org"));
        REQUIRE(ann);
        CHECK(ann->history.state == State::suppressed);
        CHECK_THAT(ann->address, Catch::StartsWith("hmac:") && !Catch::Contains("@"));
        CHECK(ann->events.front().bounce.diagnostic == "550 <[address]>: [address] is unknown here");
        CHECK(must(store.recipient(ann->address))); // its hash is as good

        // Whoever is told needs the address; afterwards it is gone.
        const auto events = must(store.outbox(10, noon));
        REQUIRE(events.size() == 2);
        CHECK_THAT(events[0].body, Catch::Contains("Ann.Lee@Example.org"));
        CHECK_THAT(events[0].key, !Catch::Contains("@"));
        for (const auto& event : events) must(store.address(event.id, std::vector<std::string>{"hook"}, noon));
        for (const auto& delivery : must(store.deliveries("hook", 10, noon))) must(store.delivered(delivery.id, noon));
        must(store.carry_out(Order::suppress, std::vector<std::string>{"bob@example.org"}, "", RetryPolicy{}, noon));
        CHECK(must(store.succeeded(std::vector<Success>{{"ann.lee@example.org", noon + hour}}, RetryPolicy{},
                                   noon + hour))
                  .cleared == 1);
        must(store.forget("nobody@example.org"));
    }
    SQLite::Database(path, SQLite::OPEN_READWRITE).exec("VACUUM");
    CHECK_THAT(all_bytes(directory), !Catch::Contains("ann.lee") && !Catch::Contains("bob@"));
}

TEST_CASE("privacy: a journal stays in the way it was begun, and with its key") {
    TemporaryDirectory directory;
    const auto path = directory.file("state.db");
    const Privacy other{Privacy::Addresses::hashed, std::string(32, 'o')};
    const auto access = GENERATE(StoreAccess::read, StoreAccess::write);
    SECTION("hashed") {
        must(must(Store::open(path, StoreAccess::write, hashed)).record(std::vector{telling_bounce("1")}, {}, noon));
        CHECK(Store::open(path, access, hashed).ok());
        CHECK(Store::open(path, access, other).error().what == "the journal's addresses were hashed with another key");
        CHECK(Store::open(path, access).error().code == ErrorCode::config);
    }
    SECTION("plain") {
        must(must(Store::open(path, StoreAccess::write)).record(std::vector{telling_bounce("1")}, {}, noon));
        CHECK(Store::open(path, access).ok());
        CHECK(Store::open(path, access, hashed).error().what ==
              "the journal holds plain addresses, but [privacy] wants hashes");
    }
}

TEST_CASE("forget: not a byte about the address stays, and others keep theirs") {
    Journal journal;
    auto message = telling_bounce("1");
    message.original_message_id = "letter-to-ann@example.org";
    message.original_envelope_id = "letter-to-ann-7";
    journal.record(message);
    auto both = soft_bounce("2", "Ann.Lee@example.org", noon + hour);
    both.bounces.push_back(bounce_of("bob@example.org", BounceType::soft));
    journal.record(both);
    must(journal.store.carry_out(Order::clear, std::vector<std::string>{"ann.lee@example.org"}, "ann.lee rang", {},
                                 noon));

    const auto forgotten = must(journal.store.forget("ANN.LEE@example.org"));
    REQUIRE(forgotten);
    CHECK(forgotten->reports == 2);
    CHECK_FALSE(must(journal.store.recipient("ann.lee@example.org")));
    CHECK_THAT(all_bytes(journal.directory), !Catch::Contains("ann.lee") && !Catch::Contains("letter-to-ann"));
    CHECK(journal.recipient("bob@example.org").events.size() == 1);
    CHECK_FALSE(must(journal.store.forget("ann.lee@example.org")));

    // The message itself stays known: put back into the inbox it counts no more.
    journal.record(message);
    CHECK_FALSE(must(journal.store.recipient("ann.lee@example.org")));
}
