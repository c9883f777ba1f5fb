// The worked example of docs/journal.md, run.
#include <SQLiteCpp/SQLiteCpp.h>

#include "support/whole_file.hpp"
#include "unit/store/journal.hpp"

using namespace nixie;

namespace {

struct Example {
    std::string sql, expected;
};

/// What stands between "```<kind>\n" and "```", from `at` on; moves `at` behind it.
std::string block(const std::string& text, const std::string& kind, std::size_t& at) {
    const std::string open = "```" + kind + "\n";
    const auto begin = text.find(open, at);
    if (begin == std::string::npos) {
        at = std::string::npos;
        return {};
    }
    const auto end = text.find("```", begin + open.size());
    at = end + 3;
    return text.substr(begin + open.size(), end - begin - open.size());
}

std::vector<Example> examples() {
    const auto text = read_file(NIXIE_SOURCE_DIR "/docs/journal.md");
    std::vector<Example> out;
    for (std::size_t at = 0; at != std::string::npos;) {
        Example one;
        one.sql = block(text, "sql", at);
        if (at == std::string::npos) break;
        one.expected = block(text, "text", at);
        out.push_back(one);
    }
    return out;
}

/// As the sqlite3 shell prints it.
std::string answer(const std::string& path, const std::string& sql) {
    SQLite::Database db(path, SQLite::OPEN_READONLY);
    SQLite::Statement select(db, sql);
    std::string out;
    while (select.executeStep()) {
        for (int i = 0; i < select.getColumnCount(); ++i) out += (i == 0 ? "" : "|") + select.getColumn(i).getString();
        out += '\n';
    }
    return out;
}

} // namespace

TEST_CASE("journal.md: the worked example answers what it says") {
    Journal journal;
    const std::chrono::minutes minute{1};
    journal.record(soft_bounce("1", "ann@example.org", noon));
    journal.record(hard_bounce("2", "bob@example.org", noon + 5 * minute));
    journal.record(soft_bounce("3", "ann@example.org", noon + 90 * minute));
    const auto all = examples();
    REQUIRE(all.size() == 6);
    for (const auto& example : all) {
        CAPTURE(example.sql);
        CHECK(answer(journal.path, example.sql) == example.expected);
    }
}

TEST_CASE("views: every one that the document names answers, and none other is there") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    journal.record(hard_bounce("2", "bob@example.org", noon));
    const std::string views =
        answer(journal.path,
               "SELECT name FROM sqlite_schema WHERE type = 'view' AND name LIKE 'v1!_%' ESCAPE '!' ORDER BY name");
    CHECK(views == "v1_bounces\nv1_campaigns\nv1_due\nv1_messages\nv1_recipients\nv1_suppressions\n");
    const auto document = read_file(NIXIE_SOURCE_DIR "/docs/journal.md");
    for (const char* view : {"v1_bounces", "v1_campaigns", "v1_messages", "v1_recipients", "v1_suppressions"}) {
        CAPTURE(view);
        CHECK_THAT(document, Catch::Contains("`" + std::string(view) + "`"));
        CHECK(answer(journal.path, "SELECT count(*) > 0 FROM " + std::string(view)) == "1\n");
    }
    CHECK(answer(journal.path, "SELECT count(*) >= 0 FROM v1_due") == "1\n");
}
