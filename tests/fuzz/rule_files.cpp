// Any text as a file of rules or of formats is read, or refused with an error that names a line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "classify/compiled_rules.hpp"
#include "classify/rule.hpp"
#include "evidence/format.hpp"

using namespace nixie;

namespace {

void check(const Error& error) {
    if (error.code != ErrorCode::config || error.what.empty() || error.where.rfind("x.toml", 0) != 0) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const DataFile file{"x.toml", std::string(reinterpret_cast<const char*>(data), size)};
    if (const auto rules = read_rules(file); !rules)
        check(rules.error());
    else
        (void)Rules::Impl::compile(*rules).ok();
    if (const auto formats = load_formats({file}); !formats) check(formats.error());
    return 0;
}
