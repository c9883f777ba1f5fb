// Every format and every sign of a kind, run on its own examples.
#include <catch2/catch.hpp>

#include "evidence/holding.hpp"
#include "nixie/report.hpp"

using namespace nixie;

namespace {

const Formats& built_in() {
    static const Formats formats = Formats::built_in();
    return formats;
}

Message message_of(const Example& example) {
    Message message;
    Part part;
    part.headers = example.headers;
    part.type = "text/plain";
    part.text = example.text;
    message.parts.push_back(std::move(part));
    return message;
}

} // namespace

TEST_CASE("formats: each reads its own examples") {
    for (const auto& format : built_in().impl().formats)
        for (const auto& example : format.examples) {
            INFO(format.id << "\n" << example.text);
            const Report report = read_report(message_of(example), built_in());
            CHECK(report.format == format.id);
            REQUIRE_FALSE(report.recipients.empty());
            CHECK(report.recipients.front().address.text == example.address);
            if (!example.diagnostic.empty()) CHECK(report.recipients.front().diagnostic.text == example.diagnostic);
            CHECK((report.kind == Kind::bounce || report.kind == Kind::delayed || report.kind == Kind::complaint));
        }
}

TEST_CASE("kinds: each sign holds for its own examples") {
    for (const auto& rule : built_in().impl().kinds)
        for (const auto& example : rule.examples) {
            INFO(rule.id << "\n" << example.text);
            CHECK(Holding(built_in().impl(), example.headers, example.text, example.attachment).all(rule.when));
        }
}

TEST_CASE("originals: each marker is found in its example") {
    for (const auto& example : built_in().impl().original_examples) {
        INFO(example.where);
        CHECK(built_in().impl().original.found_in(example.text, marks_of(example.text)));
    }
}

TEST_CASE("formats: every pattern of the built-in files compiles") {
    const auto formats = Formats::from_directory(NIXIE_SOURCE_DIR "/conf/formats");
    INFO((formats.ok() ? std::string() : formats.error().text()));
    CHECK(formats.ok());
}
