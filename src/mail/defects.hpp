// What a parse finds wrong, each defect once.
#pragma once

#include <algorithm>
#include <vector>

#include "nixie/message.hpp"

namespace nixie {

class Defects {
  public:
    void add(Defect defect) {
        if (std::find(found_.begin(), found_.end(), defect) == found_.end()) found_.push_back(defect);
    }
    [[nodiscard]] std::vector<Defect> take() { return std::move(found_); }

  private:
    std::vector<Defect> found_;
};

} // namespace nixie
