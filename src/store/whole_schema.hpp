// The schema of a new journal.
#pragma once

namespace nixie {

/// Tables, indices and views as all the steps leave them, but for the views for other programs: made in an eighth of the time that
/// the steps take. The build writes it, from the steps.
extern const char* const whole_schema;

} // namespace nixie
