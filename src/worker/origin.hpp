// Whether a report is about mail that was sent from here.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "nixie/judge.hpp"
#include "store/store.hpp"
#include "worker/cycle.hpp"

namespace nixie {

/// The mailings of which `nixie sent` told lately; empty where nobody asks for them.
Result<std::set<std::string>> told_mailings(Store& store, const Config& config, Time now);

/// Judges a message. A report is suspicious if the Message-ID of its original is of no domain of ours (see
/// Config::message_id_domains), no valid token proves it and its mailing is not one that was told of: what it reports was never
/// sent from here.
Judgement judge_with_origin(const CycleContext& context, std::string_view bytes);

} // namespace nixie
