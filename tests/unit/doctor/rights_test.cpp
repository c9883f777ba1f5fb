#include "doctor/rights.hpp"

#include <catch2/catch.hpp>

using namespace nixie;

namespace {

using Rights = std::map<std::string, std::string>;

} // namespace

TEST_CASE("rights: what is missing is a problem that names folder and letter") {
    struct Row {
        Rights rights;
        std::string missing; ///< empty: nothing
    };
    const auto row = GENERATE(values<Row>({
        {{{"INBOX", "lrswipkxtea"}}, ""},
        {{{"INBOX", "lrs"}}, "INBOX: may not mark messages deleted (no right t)"},
        {{{"inbox", "lrt"}}, "may not remove moved messages (no right e)"},
        {{{"INBOX", "lrd"}}, ""}, // RFC 2086
        {{{"INBOX", "lrte"}, {"Bounces", "lr"}}, "Bounces: may not create folders below it (no right k)"},
        {{{"INBOX", "lrte"}, {"Bounces", "lrc"}}, ""}, // RFC 2086
        {{{"INBOX", "lrte"}, {"Bounces/other", "lr"}}, "Bounces/other: may not put messages into it (no right i)"},
        {{{"INBOX", "lrte"}, {"Archive", ""}}, ""}, // none of ours
    }));
    const Findings findings = rights_findings(row.rights, "INBOX", "Bounces");
    REQUIRE(!findings.empty());
    CHECK(findings.front().mark == (row.missing.empty() ? Mark::ok : Mark::problem));
    bool told = row.missing.empty();
    for (const auto& finding : findings) told = told || finding.text.find(row.missing) != std::string::npos;
    CHECK(told);
}
