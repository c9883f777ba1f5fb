// Any input gives the same replies and the same error, in one piece or in many, no body grows beyond what was asked for, and
// a body that is taken as it comes is the one that would have been kept.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "mailbox/pop3/parser.hpp"

namespace {

using namespace nixie;

constexpr std::size_t keep = 1000;

enum class Bodies { kept, streamed };

struct Parsed {
    std::vector<Pop3Reply> replies;
    bool failed = false;
};

/// Which replies are expected to have a body is in the bits of `bodies`.
Parsed parse(std::string_view input, std::size_t part_size, std::uint8_t bodies, Bodies how = Bodies::kept) {
    Pop3Parser parser;
    std::array<std::string, 16> streamed;
    for (std::size_t i = 0; i < streamed.size(); ++i)
        if (((bodies >> (i % 8)) & 1) == 0)
            parser.expect_line();
        else if (how == Bodies::kept)
            parser.expect_body(keep);
        else
            parser.expect_body([&streamed, i](std::string_view piece) -> Result<void> {
                streamed[i] += piece;
                return {};
            });
    Parsed parsed;
    while (!input.empty() && !parsed.failed) {
        const std::string_view part = input.substr(0, part_size);
        input.remove_prefix(part.size());
        parsed.failed = !parser.feed(part);
        while (auto reply = parser.next()) {
            if (how == Bodies::streamed) reply->body = streamed[parsed.replies.size()].substr(0, keep);
            parsed.replies.push_back(std::move(*reply));
        }
    }
    return parsed;
}

bool same(const Parsed& a, const Parsed& b) {
    if (a.failed != b.failed || a.replies.size() != b.replies.size()) return false;
    for (std::size_t i = 0; i < a.replies.size(); ++i) {
        const Pop3Reply &x = a.replies[i], &y = b.replies[i];
        if (x.ok != y.ok || x.text != y.text || x.body != y.body || x.body_size != y.body_size) return false;
    }
    return true;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3) return 0;
    const std::string_view input(reinterpret_cast<const char*>(data + 2), size - 2);
    const Parsed whole = parse(input, input.size(), data[0]);
    for (const Pop3Reply& reply : whole.replies)
        if (reply.body.size() > keep || reply.body.size() > reply.body_size) std::abort();
    if (!same(whole, parse(input, 7, data[0], Bodies::streamed))) std::abort();
    if (!same(whole, parse(input, 1, data[0])) || !same(whole, parse(input, 2 + data[1] % 16, data[0]))) std::abort();
    return 0;
}
