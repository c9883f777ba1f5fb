#include "setup/dns.hpp"

#include <catch2/catch.hpp>

using namespace nixie;

namespace {

using Packet = std::vector<unsigned char>;

void add(Packet& out, std::initializer_list<int> bytes) {
    for (const int byte : bytes) out.push_back(static_cast<unsigned char>(byte));
}

void add_name(Packet& out, const std::vector<std::string>& labels) {
    for (const auto& label : labels) {
        out.push_back(static_cast<unsigned char>(label.size()));
        out.insert(out.end(), label.begin(), label.end());
    }
    out.push_back(0);
}

/// An answer with `count` records, whose question is "x".
Packet answer_of(int count) {
    Packet out;
    add(out, {0x12, 0x34, 0x81, 0x80, 0, 1, count >> 8, count & 255, 0, 0, 0, 0});
    add_name(out, {"x"});
    add(out, {0, 33, 0, 1});
    return out;
}

/// A record about the name of the question; `data` without its length.
void add_record(Packet& out, int type, const Packet& data) {
    add(out, {0xC0, 12, 0, type, 0, 1, 0, 0, 0, 60, static_cast<int>(data.size() >> 8),
              static_cast<int>(data.size() & 255)});
    out.insert(out.end(), data.begin(), data.end());
}

Packet service(int priority, int weight, int port, const std::vector<std::string>& target) {
    Packet out;
    add(out, {priority >> 8, priority & 255, weight >> 8, weight & 255, port >> 8, port & 255});
    add_name(out, target);
    return out;
}

} // namespace

TEST_CASE("DNS: SRV records are read, best first; '.' says that there is no such service") {
    Packet packet = answer_of(3);
    add_record(packet, 33, service(20, 0, 993, {"late", "example", "org"}));
    add_record(packet, 33, service(10, 1, 1993, {"IMAP", "example", "org"}));
    add_record(packet, 33, service(30, 0, 0, {}));
    const auto found = read_services(packet);
    REQUIRE(found.size() == 3);
    CHECK(found[0].target == "imap.example.org");
    CHECK(found[0].port == 1993);
    CHECK(found[1].target == "late.example.org");
    CHECK(found[2].target.empty());
}

TEST_CASE("DNS: MX records are read, best first") {
    Packet packet = answer_of(2), second, first;
    add(second, {0, 20});
    add_name(second, {"b", "example", "org"});
    add(first, {0, 10});
    add_name(first, {"a", "example", "org"});
    add_record(packet, 15, second);
    add_record(packet, 15, first);
    CHECK(read_mail_hosts(packet) == std::vector<std::string>{"a.example.org", "b.example.org"});
}

TEST_CASE("DNS: a packet cut anywhere, or with any byte changed, does no harm") {
    Packet packet = answer_of(2);
    add_record(packet, 33, service(0, 0, 993, {"imap", "example", "org"}));
    add_record(packet, 15, service(0, 0, 1, {"mx"}));
    for (std::size_t length = 0; length < packet.size(); ++length) {
        const auto cut = std::span<const unsigned char>(packet).first(length);
        CHECK(read_services(cut).size() <= 1);
        CHECK(read_mail_hosts(cut).size() <= 1);
    }
    for (std::size_t at = 0; at < packet.size(); ++at)
        for (const int byte : {0, 1, 0x3F, 0xC0, 0xFF}) {
            Packet changed = packet;
            changed[at] = static_cast<unsigned char>(byte);
            for (const auto& record : read_services(changed))
                CHECK((record.target.empty() || is_host_name(record.target)));
            for (const auto& host : read_mail_hosts(changed)) CHECK(is_host_name(host));
        }
}

TEST_CASE("DNS: hostile records are left out: loops, strange names, none but a few of very many") {
    Packet loop = answer_of(1), data;
    add(data, {0, 0, 0, 0, 3, 225, 0xC0, 37}); // points at itself
    add_record(loop, 33, data);
    CHECK(read_services(loop).empty());

    Packet strange = answer_of(1);
    add_record(strange, 33, service(0, 0, 993, {"a\x1b[2J", "example", "org"}));
    CHECK(read_services(strange).empty());

    Packet short_data = answer_of(1);
    add_record(short_data, 33, Packet{0, 0});
    CHECK(read_services(short_data).empty());

    Packet many = answer_of(500);
    for (int i = 0; i < 500; ++i) add_record(many, 33, service(0, 0, 993, {"a" + std::to_string(i), "org"}));
    CHECK(read_services(many).size() <= 20);
}
