// Any bytes are made anonymous, in room that is linear in theirs.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "anonymise/anonymise.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const nixie::Judge judge = nixie::Judge::built_in();
    const auto result = nixie::anonymise({reinterpret_cast<const char*>(data), size}, judge);
    if (result.bytes.size() > 40 * size + 1000) std::abort();
    return 0;
}
