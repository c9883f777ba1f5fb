// The report that comes by itself: into the folder of reports of each mailbox, and as an event to who asks for it.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "config/config.hpp"
#include "mailbox/mailbox.hpp"
#include "nixie/result.hpp"
#include "store/store.hpp"

namespace nixie {

/// When the period that holds `now` began. Periods are counted from a Monday, 00:00 UTC.
Time period_begin(Time now, Duration every);

/// Puts what the mailbox brought in that span into its folder of reports: once, however often it is called for the same span. The
/// mailbox is open for change.
Result<void> put_report(Mailbox& mailbox, Store& store, const Config& config, const MailboxConfig& mailbox_config,
                        Time since, Time until, Time now);
/// Queues the report of all mailboxes as an event, once; with Period::done no other digest tells of that span.
enum class Period { done, goes_on };
Result<void> tell_report(Store& store, const Config& config, Time since, Time until, Period period, Time now);
/// Whether any way to tell events asks for it.
bool wants_digest(const Config& config);

/// Puts the report in once its period is over, also one that was missed. A failure is noted, logged and tried again in a later
/// pass; it is none of the pass's.
void put_due_report(Mailbox& mailbox, Store& store, const Config& config, const MailboxConfig& mailbox_config,
                    const Clock& clock);
/// The same for the event; an Error is the journal's.
Result<void> tell_due_report(Store& store, const Config& config, const Clock& clock);

} // namespace nixie
