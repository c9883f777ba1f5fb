// A bar on standard error while something long runs; silent where nobody watches.
#pragma once

#include <cstddef>

namespace nixie {

class ProgressBar {
  public:
    ProgressBar();
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    void show(std::size_t done, std::size_t total);

  private:
    bool watched_;
    bool drawn_ = false;
};

} // namespace nixie
