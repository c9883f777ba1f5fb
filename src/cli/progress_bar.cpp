#include "cli/progress_bar.hpp"

#include <unistd.h>

#include <cstdio>
#include <string>

#include <fmt/format.h>

namespace nixie {
namespace {

constexpr std::size_t cells = 40;
/// Shorter work is over before a bar helps.
constexpr std::size_t least_total = 50;

} // namespace

ProgressBar::ProgressBar() : watched_(::isatty(STDERR_FILENO) != 0) {}

ProgressBar::~ProgressBar() {
    if (drawn_) fmt::print(stderr, "\r\x1b[K");
}

void ProgressBar::show(std::size_t done, std::size_t total) {
    if (!watched_ || total < least_total) return;
    const std::size_t full = cells * done / total;
    fmt::print(stderr, "\r[{}{}] {} of {}", std::string(full, '='), std::string(cells - full, ' '), done, total);
    std::fflush(stderr);
    drawn_ = true;
}

} // namespace nixie
