// A directory of its own for a test, gone with it.
#pragma once

#include <cassert>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "support/whole_file.hpp"

namespace nixie {

class TemporaryDirectory {
  public:
    TemporaryDirectory() {
        std::string pattern = (std::filesystem::temp_directory_path() / "nixie-test-XXXXXX").string();
        [[maybe_unused]] const char* const made = ::mkdtemp(pattern.data());
        assert(made != nullptr);
        path_ = pattern;
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }
    /// Writes a file, the folders above it included; its path.
    std::string write(const std::string& name, std::string_view text) const {
        std::filesystem::create_directories((path_ / name).parent_path());
        write_file(path_ / name, text);
        return file(name);
    }
    /// The names in it.
    [[nodiscard]] std::set<std::string> listing() const {
        std::set<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(path_))
            names.insert(entry.path().filename().string());
        return names;
    }

  private:
    std::filesystem::path path_;
};

} // namespace nixie
