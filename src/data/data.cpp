#include "data/data.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "data/embedded.hpp"

namespace nixie {
namespace fs = std::filesystem;

std::vector<DataFile> built_in_files(std::string_view folder) {
    const std::string prefix = std::string(folder) + "/";
    std::vector<DataFile> out;
    for (const auto& file : embedded::files)
        if (file.name.starts_with(prefix)) out.push_back({"conf/" + file.name, file.text, DataFile::Origin::built_in});
    return out;
}

Result<std::vector<DataFile>> files_in(const std::string& directory) {
    std::error_code failure;
    std::vector<fs::path> paths;
    for (fs::directory_iterator it(directory, failure), end; !failure && it != end; it.increment(failure))
        if (it->path().extension() == ".toml") paths.push_back(it->path());
    if (failure)
        return Error{ErrorCode::input, "cannot read the folder (" + failure.message() + ")", directory,
                     "name a folder that exists and is readable"};
    std::sort(paths.begin(), paths.end());

    std::vector<DataFile> out;
    for (const auto& path : paths) {
        std::ifstream in(path, std::ios::binary);
        std::string text{std::istreambuf_iterator<char>(in), {}};
        if (!in) return Error{ErrorCode::input, "cannot read the file", path.string(), "make it readable"};
        out.push_back({path.string(), std::move(text), DataFile::Origin::given});
    }
    return out;
}

} // namespace nixie
