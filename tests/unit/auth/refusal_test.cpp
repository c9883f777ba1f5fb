#include "auth/refusal.hpp"

#include <catch2/catch.hpp>

#include "unit/auth/fixture.hpp"

using namespace nixie;

namespace {

Error refused(const HttpAnswer& answer, const Form& form = {}) {
    return refusal_of(read_refusal(answer), answer, "https://provider.example/token", form, "bounces");
}

} // namespace

TEST_CASE("token refusal: what providers answer is told in plain words") {
    struct Row {
        std::string error, description;
        long status;
        ErrorCode code;
        std::string what, remedy;
    };
    const auto row = GENERATE(values<Row>({
        {"invalid_grant", "", 400, ErrorCode::refused_login, "consent", "nixie auth login bounces"},
        {"invalid_client", "", 401, ErrorCode::refused_login, "application", "client_id"},
        {"invalid_client", "AADSTS7000215: Invalid client secret provided. Trace ID: 1", 401, ErrorCode::refused_login,
         "client secret is wrong", "not its id"},
        {"invalid_client", "AADSTS7000222: The provided client secret keys are expired.", 401, ErrorCode::refused_login,
         "expired", "new one"},
        {"unauthorized_client", "AADSTS700016: Application not found", 400, ErrorCode::refused_login, "not known",
         "tenant"},
        {"invalid_grant", "AADSTS50076: Due to a configuration change", 400, ErrorCode::refused_login, "second factor",
         "nixie auth login bounces"},
        {"invalid_request", "AADSTS7000218: The request body must contain", 400, ErrorCode::refused_login, "prove",
         "public client flows"},
        {"interaction_required", "AADSTS99999999: unheard of", 400, ErrorCode::refused_login, "person",
         "nixie auth login"},
        {"temporarily_unavailable", "", 503, ErrorCode::unavailable, "503", "later"},
        {"unheard_of", "", 400, ErrorCode::refused_login, "unheard_of", "[mailbox.oauth]"},
        {"", "", 404, ErrorCode::refused_login, "no answer of a token server (HTTP 404)", ""},
    }));
    CAPTURE(row.error, row.description);
    const auto error = refused(denied(row.error, row.description, row.status));
    CHECK(error.code == row.code);
    CHECK_THAT(error.what, Catch::Contains(row.what));
    CHECK_THAT(error.remedy, Catch::Contains(row.remedy));
    CHECK(error.what.find("Trace ID") == std::string::npos);
}

TEST_CASE("token refusal: a server's wish to be left alone reaches the caller") {
    HttpAnswer answer = denied("slow_down", "", 429);
    answer.retry_after = Duration{77};
    CHECK(refused(answer).wait == Duration{77});
    CHECK(refused(answer).code == ErrorCode::unavailable);
}

TEST_CASE("token refusal: a description that repeats a secret is not shown") {
    const std::string key = GENERATE("client_secret", "refresh_token", "assertion", "client_assertion", "device_code");
    const auto error = refused(denied("invalid_request", "bad value hush-hush"), {{key, "hush-hush"}});
    CHECK(error.text().find("hush-hush") == std::string::npos);
    CHECK(refused(denied("invalid_request", "bad value"), {{key, "hush"}}).text().find("bad value") !=
          std::string::npos);
}

TEST_CASE("token refusal: an answer that is no JSON, or huge, is survived") {
    const std::string body =
        GENERATE(as<std::string>(), "", "<html>", "[1]", R"({"error":{}})", std::string(900'000, '['));
    CHECK(refused({400, body}).code == ErrorCode::refused_login);
    CHECK(refused({400, body}).text().size() < 1000);
}
