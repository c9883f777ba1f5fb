#include <catch2/catch.hpp>

#include "evidence/smtp_command.hpp"

using namespace nixie;

TEST_CASE("find_command: the command that was answered, however a report says it") {
    const auto [text, command] = GENERATE(table<std::string, std::string>({
        {"host mx.example.org[192.0.2.1] said: 550 no (in reply to RCPT TO command)", "RCPT"},
        {"host mx.example.org[192.0.2.1] said: 550 no (in reply to end of DATA command)", "DATA"},
        {"said: 554 no (in reply to MAIL FROM command)", "MAIL"},
        {"host mx.example.org[192.0.2.1] refused to talk to me: 554 no", "CONNECT"},
        {"lost connection with mx.example.org[192.0.2.1] while sending RCPT TO", "RCPT"},
        {"lost connection with mx.example.org[192.0.2.1] while performing the EHLO handshake", "EHLO"},
        {"SMTP error from remote mail server after end of data: host mx.example.org [192.0.2.1]: 550 no", "DATA"},
        {"SMTP error from remote mail server after pipelined MAIL FROM:<a@example.com> SIZE=9: 550 no", "MAIL"},
        {"SMTP error from remote mail server after initial connection: host mx.example.org: 554 no", "CONNECT"},
        {"SMTP error from remote server for TEXT command, host: mx.example.org (192.0.2.1) reason: 550 no", "DATA"},
        {"192.0.2.1 does not like recipient. Remote host said: 550 no", "RCPT"},
        {"192.0.2.1 failed after I sent the message. Remote host said: 550 no", "DATA"},
        {"Connected to 192.0.2.1 but sender was rejected. Remote host said: 550 no", "MAIL"},
        {"mx.example.org [192.0.2.1] did not like our RCPT TO: 550 no", "RCPT"},
        {"Remote host said: 550 5.1.1 no [RCPT_TO]", "RCPT"},
        {"550 550 5.1.1 no (state 14).", "RCPT"},
        {"550 5.1.1 User unknown", ""},
        {"sorry for the [data] loss", ""},
        {"", ""},
    }));
    INFO(text);
    CHECK(find_command(text) == command);
}

TEST_CASE("find_command: a transcript's last command before the refusal") {
    CHECK(find_command("... while talking to mx.example.org.:\n>>> RCPT To:<a@example.org>\n<<< 550 no\n") == "RCPT");
    CHECK(find_command(">>> DATA\n<<< 550 refused\n554 5.0.0 Service unavailable\n") == "DATA");
}

TEST_CASE("find_command: where commands were pipelined the refusal below DATA is of RCPT") {
    CHECK(find_command(">>> DATA\n<<< 550 who?\n550 5.1.1 User unknown\n<<< 503 5.0.0 Need RCPT (recipient)\n") ==
          "RCPT");
}

TEST_CASE("normal_command: one word for every spelling") {
    const auto [written, command] = GENERATE(table<std::string, std::string>({
        {"RCPT TO", "RCPT"},
        {"rcpt", "RCPT"},
        {"MAIL FROM:<a@example.org>", "MAIL"},
        {"end of data", "DATA"},
        {"BODY", "DATA"},
        {"LHLO", "EHLO"},
        {"QUIT", ""},
        {"", ""},
    }));
    INFO(written);
    CHECK(normal_command(written) == command);
}
