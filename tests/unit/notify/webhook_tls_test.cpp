#include <catch2/catch.hpp>

#include "notify/webhook.hpp"
#include "support/eventually.hpp"
#include "support/loopback_port.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

using namespace nixie;

TEST_CASE("webhook: a server whose certificate nobody vouches for hears nothing") {
    const TemporaryDirectory dir;
    const std::string certificate = dir.file("cert.pem"), key = dir.file("key.pem");
    REQUIRE(run_process({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                         "-subj", "/CN=hook", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2", "-keyout", key,
                         "-out", certificate})
                .exit_code == 0);
    const std::string port = LoopbackPort(LoopbackPort::Behaviour::closed).number();
    // It sends each line back reversed: no HTTP, but proof that the line came through.
    const Running server(
        {"openssl", "s_server", "-rev", "-quiet", "-accept", "127.0.0.1:" + port, "-cert", certificate, "-key", key});
    WebhookOptions options{.url = "https://127.0.0.1:" + port + "/", .timeout = Duration{10}};
    // It takes a while until the server listens, and to end the connection before.
    const auto comes_to = [&](const std::string& words) {
        return eventually([&] {
            const auto told = Webhook(options).tell({"k", "bounce", "{}"}, Time{}, [] { return false; });
            return !told && told.error().what.find(words) != std::string::npos;
        });
    };
    CHECK(comes_to("certificate"));
    options.ca_file = certificate;
    CHECK(comes_to("Unsupported protocol")); // what libcurl says of an answer that is no HTTP
}
