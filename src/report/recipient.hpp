// All that is known of one recipient, as text and as JSON.
#pragma once

#include <string>

#include "store/store.hpp"

namespace nixie {

std::string recipient_text(const RecipientDetail& recipient, const RetryPolicy& policy, Time now);
/// One line of JSON.
std::string recipient_json(const RecipientDetail& recipient, const RetryPolicy& policy, Time now);

} // namespace nixie
