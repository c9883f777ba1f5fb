// Any input gives the same responses and the same error, in one piece or in many, and memory stays within the limits.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "mailbox/imap/parser.hpp"

namespace {

using namespace nixie;

struct Parsed {
    std::vector<ImapResponse> responses;
    bool failed = false;

    bool operator==(const Parsed&) const = default;
};

ImapLimits small_limits() {
    ImapLimits limits;
    limits.line = 4096;
    limits.literals = 1024;
    limits.values = 500;
    limits.depth = 8;
    return limits;
}

Parsed parse(std::string_view input, std::size_t part_size) {
    ImapParser parser(small_limits());
    Parsed parsed;
    while (!input.empty()) {
        std::string_view part = input.substr(0, part_size);
        input.remove_prefix(part.size());
        while (!part.empty()) {
            auto response = parser.next(part);
            if (!response) {
                parsed.failed = true;
                return parsed;
            }
            if (*response) parsed.responses.push_back(std::move(**response));
        }
    }
    return parsed;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view input(reinterpret_cast<const char*>(data + 1), size - 1);
    const Parsed whole = parse(input, input.size());
    if (whole != parse(input, 1) || whole != parse(input, 2 + data[0] % 16)) std::abort();
    return 0;
}
