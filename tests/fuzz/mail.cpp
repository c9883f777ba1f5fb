// Any bytes are a message: what parse_message() promises of it must hold.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/text.hpp"
#include "nixie/message.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

void check_text(const std::string& text) { require(nixie::to_valid_utf8(text) == text); }

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const nixie::Limits limits{.bytes = 1 << 20, .containers = 20, .parts = 50, .fields = 30};
    const nixie::Message message = nixie::parse_message({reinterpret_cast<const char*>(data), size}, limits);
    require(!message.parts.empty() && message.parts.size() <= limits.parts);
    require(message.size == size);
    for (std::size_t i = 0; i < message.parts.size(); ++i) {
        const nixie::Part& part = message.parts[i];
        require((i == 0) == (part.parent < 0) && part.parent < static_cast<int>(i));
        const int depth = i == 0 ? 0 : message.parts[static_cast<std::size_t>(part.parent)].depth + 1;
        require(part.depth == depth);
        require(!part.type.empty());
        require(part.headers.fields().size() <= limits.fields);
        require(part.text.find('\r') == std::string::npos);
        check_text(part.text);
        check_text(part.type);
        check_text(part.charset);
        check_text(part.filename);
        for (const nixie::Field& field : part.headers.fields()) {
            check_text(field.name);
            check_text(field.value);
            require(field.value.find_first_of("\r\n") == std::string::npos);
        }
    }
    return 0;
}
