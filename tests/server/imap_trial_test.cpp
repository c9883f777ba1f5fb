// A trial of filing that is disturbed: whatever happens, nothing of it stays on the server.
#include <catch2/catch.hpp>

#include <filesystem>

#include "base/clock.hpp"
#include "server/imap_fixture.hpp"

using namespace nixie;

namespace {

bool has_folders(const ImapFixture& fixture) {
    for (const auto& entry : std::filesystem::directory_iterator(fixture.server.maildir(fixture.user)))
        if (entry.path().filename().string().starts_with(".Bounces")) return true;
    return false;
}

} // namespace

TEST_CASE("IMAP trial: cut off at any of its commands, it leaves no folder behind") {
    const auto cut = GENERATE(Probe::Cut::before, Probe::Cut::after);
    ImapFixture fixture;
    fixture.deliver(1);
    bool whole = false;
    for (std::size_t at = 0; !whole; ++at) {
        CAPTURE(at);
        REQUIRE(at < 100);
        auto mailbox = fixture.open();
        fixture.probe->cut_next(at, cut);
        const auto trial = mailbox->try_out({"Bounces"}, SystemClock());
        whole = fixture.probe->sent.size() <= at; // the cut came after all of it
        CHECK_FALSE(has_folders(fixture));
        if (whole) CHECK(trial);
        fixture.probe->cut_at.reset();
    }
    CHECK(fixture.server.files(fixture.user).size() == 1);
}

TEST_CASE("IMAP trial: what one that was killed left behind goes with the next") {
    ImapFixture fixture;
    fixture.deliver(1);
    const Filing left{{"Bounces", trial_folders[0]}, fixture.uids(*fixture.open())};
    ImapFixture::check(fixture.open()->file(left));
    REQUIRE(has_folders(fixture));
    const auto trial = fixture.open()->try_out({"Bounces"}, SystemClock());
    ImapFixture::check(trial);
    for (const auto& step : trial->steps) CHECK_FALSE(step.failed);
    CHECK_FALSE(std::filesystem::exists(fixture.server.maildir(fixture.user) / ".Bounces.nixie-doctor"));
}
