// Columns of text for a terminal.
#pragma once

#include <string>
#include <vector>

#include "report/columns.hpp"

namespace nixie {

enum class Align { left, right };

class Table {
  public:
    struct Column {
        std::string heading;
        Align align = Align::left;
    };
    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

    /// As many cells as there are columns. Control characters are made harmless.
    void add(std::vector<std::string> cells);
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    /// A heading line and the rows, two spaces between columns, no trailing space. Lines are at most `columns` wide: the last
    /// column is cut first, then whichever is widest, though none below a few characters.
    [[nodiscard]] std::string text(std::size_t columns = any_width) const;

  private:
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

} // namespace nixie
