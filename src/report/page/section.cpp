#include "report/page/section.hpp"

#include <fmt/format.h>

namespace nixie {

std::string page_day(Time time) { return format_time(time).substr(0, 10); }

std::string section(std::string_view title, std::string_view note, const std::string& body) {
    return fmt::format("<section><h2>{}</h2><p>{}</p>{}</section>", title, note, body);
}

} // namespace nixie
