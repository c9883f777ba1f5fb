#include "setup/dns.hpp"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>

#include <algorithm>
#include <array>
#include <functional>

#include "base/text.hpp"

namespace nixie {
namespace {

/// RFC 1035 section 4.2.1 lets UDP carry 512 bytes; over TCP no honest answer of this kind is longer.
constexpr std::size_t longest_answer = 16384;
constexpr int most_records = 20;
constexpr std::size_t longest_host = 253;
constexpr std::size_t longest_label = 63;
constexpr int seconds_a_try = 3;
constexpr int tries = 2;

using Bytes = std::span<const unsigned char>;

std::optional<std::vector<unsigned char>> ask_name_server(const std::string& name, ns_type type,
                                                          std::optional<std::uint16_t> port) {
    struct __res_state state {};
    if (res_ninit(&state) != 0) return std::nullopt;
    state.retrans = seconds_a_try;
    state.retry = tries;
    if (port) {
        state.nscount = 1;
        state.nsaddr_list[0].sin_family = AF_INET;
        state.nsaddr_list[0].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        state.nsaddr_list[0].sin_port = htons(*port);
    }
    std::vector<unsigned char> answer(longest_answer);
    const int length = res_nquery(&state, name.c_str(), ns_c_in, type, answer.data(), static_cast<int>(answer.size()));
    res_nclose(&state);
    if (length <= 0) return std::nullopt;
    answer.resize(std::min(answer.size(), static_cast<std::size_t>(length)));
    return answer;
}

using UseRecord = std::function<void(ns_msg&, const ns_rr&)>;

void for_each_record(Bytes answer, ns_type type, const UseRecord& use) {
    ns_msg message{};
    if (ns_initparse(answer.data(), static_cast<int>(answer.size()), &message) != 0) return;
    const int count = std::min<int>(ns_msg_count(message, ns_s_an), most_records);
    for (int i = 0; i < count; ++i) {
        ns_rr record{};
        if (ns_parserr(&message, ns_s_an, i, &record) != 0) return;
        if (ns_rr_type(record) == type && ns_rr_class(record) == ns_c_in) use(message, record);
    }
}

std::uint16_t number_at(const ns_rr& record, std::size_t at) {
    return static_cast<std::uint16_t>(ns_rr_rdata(record)[at] << 8 | ns_rr_rdata(record)[at + 1]);
}

/// The name in the record's data from `at` on; nothing if it is no host's. "." becomes empty.
std::optional<std::string> host_at(const ns_msg& message, const ns_rr& record, std::size_t at) {
    if (ns_rr_rdlen(record) <= at) return std::nullopt;
    std::array<char, NS_MAXDNAME> name{};
    const auto* const begin = ns_msg_base(message);
    if (ns_name_uncompress(begin, ns_msg_end(message), ns_rr_rdata(record) + at, name.data(), name.size()) < 0)
        return std::nullopt;
    std::string host = to_lower(name.data());
    if (host == ".") host.clear();
    if (!host.empty() && !is_host_name(host)) return std::nullopt;
    return host;
}

} // namespace

bool is_host_name(std::string_view text) {
    if (text.empty() || text.size() > longest_host) return false;
    std::size_t label = 0;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
        if (c == '.' ? label == 0 : !plain) return false;
        label = c == '.' ? 0 : label + 1;
        if (label > longest_label) return false;
    }
    return label > 0;
}

std::vector<ServiceRecord> read_services(Bytes answer) {
    constexpr std::size_t numbers = 6; // bytes before the target
    std::vector<ServiceRecord> out;
    for_each_record(answer, ns_t_srv, [&](ns_msg& message, const ns_rr& record) {
        const auto target = host_at(message, record, numbers);
        if (target) out.push_back({*target, number_at(record, 4), number_at(record, 0), number_at(record, 2)});
    });
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
        return a.priority != b.priority ? a.priority < b.priority : a.weight > b.weight;
    });
    return out;
}

std::vector<std::string> read_mail_hosts(Bytes answer) {
    std::vector<std::pair<std::uint16_t, std::string>> found;
    for_each_record(answer, ns_t_mx, [&](ns_msg& message, const ns_rr& record) {
        const auto host = host_at(message, record, 2);
        if (host && !host->empty()) found.emplace_back(number_at(record, 0), *host);
    });
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> out;
    for (auto& [preference, host] : found) out.push_back(std::move(host));
    return out;
}

std::vector<ServiceRecord> SystemResolver::services(const std::string& name) {
    const auto answer = ask_name_server(name, ns_t_srv, port_);
    return answer ? read_services(*answer) : std::vector<ServiceRecord>{};
}

std::vector<std::string> SystemResolver::mail_hosts(const std::string& domain) {
    const auto answer = ask_name_server(domain, ns_t_mx, port_);
    return answer ? read_mail_hosts(*answer) : std::vector<std::string>{};
}

bool SystemResolver::has_address(const std::string& host) {
    bool found = false;
    for (const ns_type type : {ns_t_a, ns_t_aaaa})
        if (const auto answer = ask_name_server(host, type, port_); answer && !found)
            for_each_record(*answer, type, [&](ns_msg&, const ns_rr&) { found = true; });
    return found;
}

} // namespace nixie
