// A judgement as JSON and as lines for a terminal.
#pragma once

#include <cstddef>
#include <string>

#include "nixie/judge.hpp"
#include "report/table.hpp"

namespace nixie {

/// One line of JSON, without its line feed. `file` names the message, with `number` if it is one of several in that file
/// (counted from 1; 0: the file is the message). Members without a value are left out, but `kind` and `recipients` are always
/// there.
std::string judgement_json(const Judgement& judgement, const std::string& file, std::size_t number = 0);

/// A heading with kind and ground, then two lines a recipient; ends with a line feed. No control characters from the mail.
/// One of several messages of a file is headed "file#number".
std::string judgement_text(const Judgement& judgement, const std::string& file, std::size_t number = 0);

/// A table for judgements, and a row in it for each recipient of one, or one row where there is none.
Table judgement_table();
void add_to_table(Table& table, const Judgement& judgement, const std::string& file, std::size_t number = 0);

/// What people call a message: its file, or "file#number" where it is one of several in that file.
std::string message_name(const std::string& file, std::size_t number);

} // namespace nixie
