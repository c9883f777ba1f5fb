#include "report/table.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>

#include "base/text.hpp"

namespace nixie {
namespace {

constexpr std::size_t gap_width = 2;
constexpr std::size_t narrowest = 8;
constexpr std::size_t narrowest_last = 24;

/// Makes columns narrower until all fit, as far as they can still be read: the last one first, which holds running text, then
/// whichever is widest.
void shrink(std::vector<std::size_t>& widths, std::size_t columns) {
    std::size_t total = gap_width * (widths.size() - 1);
    for (const auto width : widths) total += width;
    while (total > columns) {
        auto cut = std::prev(widths.end());
        if (*cut <= narrowest_last) cut = std::max_element(widths.begin(), widths.end());
        if (*cut <= narrowest) return;
        --*cut;
        --total;
    }
}

} // namespace

void Table::add(std::vector<std::string> cells) {
    assert(cells.size() == columns_.size());
    for (auto& cell : cells) cell = fold_space(printable(cell));
    rows_.push_back(std::move(cells));
}

std::string Table::text(std::size_t columns) const {
    std::vector<std::string> headings;
    std::vector<std::size_t> widths;
    for (const auto& column : columns_) {
        headings.push_back(column.heading);
        widths.push_back(display_width(column.heading));
    }
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));

    shrink(widths, columns);

    std::string out;
    const auto line = [&](const std::vector<std::string>& cells) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const std::string cell = cut_to_width(cells[i], widths[i]);
            const std::string gap(widths[i] - display_width(cell), ' ');
            out += columns_[i].align == Align::right ? gap + cell : cell + gap;
            out += std::string(gap_width, ' ');
        }
        out.erase(out.find_last_not_of(' ') + 1);
        out += '\n';
    };
    line(headings);
    for (const auto& row : rows_) line(row);
    return out;
}

} // namespace nixie
