// The tests compare times as people see them: in UTC, whatever the zone of the machine. Programs that they start inherit it.
#include <cstdlib>
#include <ctime>

namespace nixie {
namespace {

[[maybe_unused]] const bool zone_is_set = [] {
    const bool set = ::setenv("TZ", "UTC", 1) == 0;
    ::tzset();
    return set;
}();

} // namespace
} // namespace nixie
