// A Maildir in which two messages bounced, read by the program.
#pragma once

#include <catch2/catch.hpp>

#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/scene.hpp"

namespace nixie {

/// ann's mailbox does not exist, and bob's is full.
inline Scene bounced_scene(const TemporaryDirectory& dir, const std::string& more = "") {
    const Scene scene = maildir_scene(dir, "scene", more);
    deliver(scene.maildir, {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown"),
                            bounce_message("2", "bob@example.org", "4.2.2", "452 4.2.2 Mailbox full")});
    const Finished run = scene.nixie({"run", "--once", "--quiet"});
    INFO(run.err);
    REQUIRE(run.exit_code == 0);
    return scene;
}

} // namespace nixie
