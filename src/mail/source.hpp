// The bytes of a message made fit to parse.
#pragma once

#include <string>
#include <string_view>

#include "mail/defects.hpp"

namespace nixie {

/// A message without NUL, bare CR, byte order mark, leading empty lines and mbox line. Copies only what it must mend; `text`
/// looks into the bytes given or into this object, which therefore stays where it is.
class SourceText {
  public:
    SourceText(std::string_view bytes, Defects& defects);
    SourceText(const SourceText&) = delete;
    SourceText& operator=(const SourceText&) = delete;

    [[nodiscard]] std::string_view text() const { return text_; }

  private:
    std::string mended_;
    std::string_view text_;
};

/// next_line() for text of a SourceText, which has no bare CR: searching for one byte is several times as fast.
bool take_line(std::string_view& rest, std::string_view& line);

} // namespace nixie
