#include "report/table.hpp"

#include <algorithm>
#include <cassert>

#include "base/text.hpp"

namespace nixie {
namespace {

/// Characters, not bytes: what UTF-8 takes several bytes for stands in one place on most terminals.
std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

} // namespace

void Table::add(std::vector<std::string> cells) {
    assert(cells.size() == columns_.size());
    for (auto& cell : cells) cell = fold_space(printable(cell));
    rows_.push_back(std::move(cells));
}

std::string Table::text() const {
    std::vector<std::string> headings;
    std::vector<std::size_t> widths;
    for (const auto& column : columns_) {
        headings.push_back(column.heading);
        widths.push_back(width(column.heading));
    }
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));

    std::string out;
    const auto line = [&](const std::vector<std::string>& cells) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const std::string gap(widths[i] - width(cells[i]), ' ');
            out += columns_[i].align == Align::right ? gap + cells[i] : cells[i] + gap;
            out += "  ";
        }
        out.erase(out.find_last_not_of(' ') + 1);
        out += '\n';
    };
    line(headings);
    for (const auto& row : rows_) line(row);
    return out;
}

} // namespace nixie
