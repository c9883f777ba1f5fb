// Webhooks against a receiver on loopback that is as strict as the receivers' own documentation.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "notify/file_way.hpp"
#include "notify/mail_way.hpp"
#include "notify/shapes.hpp"
#include "notify/signature.hpp"
#include "notify/webhook.hpp"
#include "support/http_receiver.hpp"
#include "support/loopback_port.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"
#include "support/whole_file.hpp"

using namespace nixie;
using nlohmann::json;

namespace {

constexpr Time webhook_noon{std::chrono::seconds{1'795'262'400}};
constexpr const char* some_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr const char* other_secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

const StopAsked never = [] { return false; };

Telling telling(const std::string& type, json more = json::object()) {
    json body{{"event", type}, {"key", "k"}, {"address", "ann@example.org"}, {"cause", "no <such> user"}};
    body.update(more);
    return {"bounces/abc/ann@example.org/" + type, type, body.dump()};
}

HttpReceiver::Reply well(const HttpRequest& /*request*/) { return {"204 No Content"}; }

Result<void> tell(WebhookOptions options, const Telling& event) {
    return Webhook(std::move(options)).tell(event, webhook_noon, never);
}

std::string key_of_secret(const char* secret) { return webhook_key(secret).value(); }

std::string in_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

/// By the program openssl, from the secret alone.
std::string signature_by_openssl(const std::string& secret, const HttpRequest& request) {
    const TemporaryDirectory dir;
    const std::string secret_file = dir.write("secret", secret.substr(6));
    const std::string text = dir.write(
        "text", request.headers.at("webhook-id") + "." + request.headers.at("webhook-timestamp") + "." + request.body);
    const auto done =
        run_process({"/bin/sh", "-c",
                     "openssl dgst -sha256 -mac HMAC -macopt hexkey:$(openssl base64 -d -A -in " + secret_file +
                         " | od -An -v -tx1 | tr -d ' \\n') -binary " + text + " | openssl base64 -A"});
    REQUIRE(done.exit_code == 0);
    return done.out;
}

} // namespace

TEST_CASE("webhook: is signed as Standard Webhooks says, with each secret while one is changed") {
    const HttpReceiver receiver(well);
    const Telling event = telling("bounce");
    REQUIRE(tell({.url = receiver.url() + "/hook", .keys = {key_of_secret(some_secret), key_of_secret(other_secret)}},
                 event));
    REQUIRE(receiver.requests().size() == 1);
    const HttpRequest request = receiver.requests()[0];
    CHECK(request.method == "POST");
    CHECK(request.path == "/hook");
    CHECK(request.body == event.body);
    CHECK(request.headers.at("content-type") == "application/json");
    CHECK(request.headers.at("webhook-timestamp") == "1795262400");
    CHECK_THAT(request.headers.at("webhook-id"), Catch::StartsWith("evt_") && !Catch::Contains("."));
    CHECK(request.headers.at("webhook-signature") ==
          "v1," + signature_by_openssl(some_secret, request) + " v1," + signature_by_openssl(other_secret, request));
}

TEST_CASE("webhook: each try has the same id, and each event its own") {
    CHECK(webhook_id("a/b/c") == webhook_id("a/b/c"));
    CHECK(webhook_id("a/b/c") != webhook_id("a/b/d"));
}

TEST_CASE("webhook: the specification's secret is read, other texts are refused without showing them") {
    CHECK(in_hex(key_of_secret(some_secret)) == "31f290f6bf06298aab4f08d43c3f082cf648a362da2da4b0");
    for (const std::string wrong :
         {"swordfish", "whsec_", "whsec_AAAA", "whsec_!!!!MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}) {
        const auto key = webhook_key(wrong);
        REQUIRE_FALSE(key);
        CHECK_THAT(key.error().text(), !Catch::Contains("swordfish") && !Catch::Contains("AAAA"));
    }
}

TEST_CASE("webhook: what the status means") {
    struct Row {
        std::string status, headers;
        ErrorCode code;
        std::optional<Duration> wait;
    };
    const auto row = GENERATE(values<Row>({{"500 Oops", "Retry-After: 9\r\n", ErrorCode::refused, {}},
                                           {"404 Not Found", "", ErrorCode::refused, {}},
                                           {"429 Too Many", "Retry-After: 120\r\n", ErrorCode::refused, Duration{120}},
                                           {"503 Later", "Retry-After: 7\r\n", ErrorCode::refused, Duration{7}},
                                           {"302 Found", "Location: /other\r\n", ErrorCode::refused, {}},
                                           {"410 Gone", "", ErrorCode::forbidden, {}}}));
    const HttpReceiver receiver([&](const HttpRequest&) { return HttpReceiver::Reply{row.status, row.headers, ""}; });
    const auto told = tell({.url = receiver.url() + "/?token=swordfish"}, telling("bounce"));
    REQUIRE_FALSE(told);
    CHECK(told.error().code == row.code);
    CHECK(told.error().wait == row.wait);
    CHECK_THAT(told.error().text(), !Catch::Contains("swordfish"));
    CHECK(receiver.requests().size() == 1); // no redirect is followed
}

TEST_CASE("webhook: an answer that is too long does not matter") {
    const HttpReceiver receiver([](const HttpRequest&) {
        return HttpReceiver::Reply{"200 OK", "", std::string(3'000'000, 'x')};
    });
    CHECK(tell({.url = receiver.url()}, telling("bounce")));
}

TEST_CASE("webhook: a receiver that hangs is left after the timeout, or at once when nixie is to stop") {
    const LoopbackPort silent(LoopbackPort::Behaviour::silent);
    const WebhookOptions options{.url = "http://127.0.0.1:" + silent.number(), .timeout = Duration{1}};
    const auto late = tell(options, telling("bounce"));
    REQUIRE_FALSE(late);
    CHECK(late.error().code == ErrorCode::unavailable);
    WebhookOptions patient = options;
    patient.timeout = std::chrono::minutes(10);
    const auto stopped = Webhook(patient).tell(telling("bounce"), webhook_noon, [] { return true; });
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().code == ErrorCode::interrupted);
}

TEST_CASE("webhook: listmonk gets what its bounce webhook takes") {
    const HttpReceiver receiver(well);
    const WebhookOptions options{.url = receiver.url() + "/webhooks/bounce",
                                 .format = WebhookFormat::listmonk,
                                 .user = "api",
                                 .password = "swordfish"};
    const std::string uuid = "9f86b50d-5711-41c8-ab03-bc91c43d711b";
    REQUIRE(tell(options, telling("bounce", {{"type", "hard"}, {"campaign", uuid}})));
    REQUIRE(tell(options, telling("bounce", {{"type", "blocked"}, {"campaign", "spring"}})));
    REQUIRE(tell(options, telling("complaint")));
    REQUIRE(tell(options, telling("due"))); // of no use there
    const auto requests = receiver.requests();
    REQUIRE(requests.size() == 3);
    const std::vector<std::string> types{"hard", "soft", "complaint"};
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const json body = json::parse(requests[i].body);
        CHECK(requests[i].headers.at("authorization") == "Basic YXBpOnN3b3JkZmlzaA==");
        CHECK(requests[i].headers.at("content-type") == "application/json");
        CHECK(body["email"] == "ann@example.org");
        CHECK(body["source"] == "nixie");
        CHECK(body["type"] == types[i]);
        REQUIRE(body["meta"].is_string());
        CHECK(json::parse(body["meta"].get<std::string>()).is_object());
        CHECK(body.contains("campaign_uuid") == (i == 0));
        CHECK(body.size() == (i == 0 ? 5 : 4));
    }
}

TEST_CASE("webhook: Mautic is asked for the contact and told not to contact it") {
    const HttpReceiver receiver([](const HttpRequest& request) {
        if (request.method == "POST") return HttpReceiver::Reply{"200 OK", "", "{\"contact\":{}}"};
        const json like = {{"id", 48}, {"fields", {{"all", {{"email", "joann@example.org"}}}}}};
        const json same = {{"id", 47}, {"fields", {{"all", {{"email", "Ann@example.org"}}}}}};
        return HttpReceiver::Reply{"200 OK", "",
                                   json{{"total", "2"}, {"contacts", {{"47", same}, {"48", like}}}}.dump()};
    });
    const WebhookOptions options{
        .url = receiver.url() + "/api", .format = WebhookFormat::mautic, .user = "api", .password = "swordfish"};
    REQUIRE(tell(options, telling("bounce", {{"type", "hard"}})));
    CHECK(receiver.requests().empty());
    REQUIRE(tell(options, telling("suppressed")));
    const auto requests = receiver.requests();
    REQUIRE(requests.size() == 2);
    CHECK(requests[0].method == "GET");
    CHECK(requests[0].path == "/api/contacts?search=email%3Aann%40example.org&limit=30");
    CHECK(requests[1].method == "POST");
    CHECK(requests[1].path == "/api/contacts/47/dnc/email/add");
    CHECK(json::parse(requests[1].body) ==
          json{{"channel", "email"}, {"reason", 2}, {"comments", "nixie: no <such> user"}});
}

TEST_CASE(
    "webhook: a contact that Mautic does not have needs nothing, and a page that is none of its API is an error") {
    std::string answer = "{\"total\":\"0\",\"contacts\":[]}";
    const HttpReceiver receiver([&](const HttpRequest&) { return HttpReceiver::Reply{"200 OK", "", answer}; });
    const WebhookOptions options{.url = receiver.url() + "/api", .format = WebhookFormat::mautic};
    CHECK(tell(options, telling("suppressed")));
    answer = "<html>";
    CHECK_FALSE(tell(options, telling("suppressed")));
}

TEST_CASE("webhook: Sympa gets the SOAP call that deletes a subscriber") {
    const HttpReceiver receiver([](const HttpRequest&) { return HttpReceiver::Reply{"200 OK", "", "<ok/>"}; });
    const WebhookOptions options{.url = receiver.url() + "/sympasoap",
                                 .format = WebhookFormat::sympa,
                                 .user = "nixie",
                                 .password = "sword<fish",
                                 .list = "news",
                                 .owner = "owner@example.org"};
    REQUIRE(tell(options, telling("exhausted")));
    REQUIRE(receiver.requests().size() == 1);
    const HttpRequest request = receiver.requests()[0];
    CHECK(request.headers.at("soapaction") == "\"urn:sympasoap#authenticateRemoteAppAndRun\"");
    CHECK(request.headers.count("authorization") == 0);
    CHECK_THAT(request.headers.at("content-type"), Catch::StartsWith("text/xml"));
    for (const char* part : {"<authenticateRemoteAppAndRun xmlns=\"urn:sympasoap\">", ">nixie</appname>",
                             ">sword&lt;fish</apppassword>", ">USER_EMAIL=owner@example.org</vars>", ">del</service>",
                             ">news</item><item xsi:type=\"xsd:string\">ann@example.org</item>"})
        CHECK_THAT(request.body, Catch::Contains(part));
    // Well-formed, by a reader of others.
    const TemporaryDirectory dir;
    CHECK(run_process({"python3", "-c", "import sys, xml.dom.minidom as m; m.parse(sys.argv[1])",
                       dir.write("soap.xml", request.body)})
              .exit_code == 0);
}

TEST_CASE("event file: a line an event, for its owner alone") {
    const TemporaryDirectory dir;
    const std::string path = dir.file("events.jsonl");
    FileWay way(path);
    REQUIRE(way.tell(telling("bounce"), webhook_noon, never));
    REQUIRE(way.tell(telling("due"), webhook_noon, never));
    CHECK(read_file(path) == telling("bounce").body + "\n" + telling("due").body + "\n");
    CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms(0777)) == std::filesystem::perms(0600));
    CHECK_FALSE(FileWay(dir.file("no/such/folder")).tell(telling("bounce"), webhook_noon, never));
    FileWay full("/dev/full");
    const auto told = full.tell(telling("bounce"), webhook_noon, never);
    REQUIRE_FALSE(told);
    CHECK(told.error().code == ErrorCode::no_room);
}

TEST_CASE("event mail: what strangers wrote makes no header") {
    const MailOptions options{{}, "nixie@example.org", "ops@example.org"};
    const auto mail = event_mail(
        options, telling("bounce", {{"address", "a@b\r\nBcc: c@d"}, {"diagnostic", "x\r\n.\r\ny"}}), webhook_noon);
    CHECK_THAT(mail, Catch::Contains("Subject: [nixie] bounce a@b Bcc: c@d\r\n"));
    CHECK_THAT(mail, !Catch::Contains("\r\nBcc:") && !Catch::Contains("\r\n.\r\n"));
    CHECK_THAT(mail, Catch::StartsWith("Date: Sat, 21 Nov 2026 12:00:00 +0000\r\n"));
}
