// One list of recipients from all sources, each fact from the one to be believed most.
#pragma once

#include <vector>

#include "evidence/machine_parts.hpp"
#include "evidence/prose.hpp"
#include "nixie/attribution.hpp"

namespace nixie {

/// The fields' recipients, each once; the prose completes what the fields leave open.
std::vector<Evidence> merge_recipients(std::vector<Evidence> fields, std::vector<Evidence> prose);

/// What our own return paths say of a report, by the address that it was sent to or that its original was sent from.
ReturnPathFacts facts_of_return_path(const Headers& headers, const Original& original, const Attribution& attribution);

/// Whom a report without a readable recipient is about: whom our own return path names, X-Failed-Recipients, the returned
/// message's To, the address the report was sent to. At most those of one source; empty if none tells.
std::vector<Evidence> guess_recipients(const Headers& headers, const Original& original, const ReturnPathFacts& own);

/// What a loose reading found, but for the report's own sender and receiver; X-Failed-Recipients has the last word.
std::vector<Evidence> sift_recipients(std::vector<Evidence> loose, const Headers& headers);

/// Are they all in the domain that the report comes from? Then they may be its people, there to help.
bool are_its_own(const std::vector<Evidence>& recipients, const Headers& headers);

/// Completes recipients without a diagnostic, or with a loosely read one, from the prose: its first reply, else all of it.
void explain_from_prose(std::vector<Evidence>& recipients, const Prose& prose);

} // namespace nixie
