// Tells events to a file, a line of JSON each.
#pragma once

#include "notify/way.hpp"

namespace nixie {

/// Appends and syncs to disk; creates the file with mode 0600. What is written in part is taken back.
class FileWay : public Way {
  public:
    explicit FileWay(std::string path) : path_(std::move(path)) {}
    Result<void> tell(const Telling& event, Time now, const StopAsked& stop) override;

  private:
    std::string path_;
};

} // namespace nixie
