// How the report's page looks: on screens, dark and light, and on paper.
#pragma once

namespace nixie {

extern const char* const page_style;

} // namespace nixie
