#include "report/output_file.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace nixie {

Result<void> replace_file(const std::string& path, std::string_view content, Readers readers) {
    namespace fs = std::filesystem;
    const std::string beside = path + "." + std::to_string(::getpid()) + ".new";
    std::error_code failure;
    {
        std::ofstream out(beside, std::ios::binary | std::ios::trunc);
        out << content;
        if (!out.flush()) {
            fs::remove(beside, failure);
            return Error{ErrorCode::output, "the file cannot be written", path, "name a file in a folder of yours"};
        }
    }
    constexpr auto for_all =
        fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read | fs::perms::others_read;
    if (readers == Readers::everyone) fs::permissions(beside, for_all, failure);
    if (!failure) fs::rename(beside, path, failure);
    if (!failure) return {};
    const std::string cause = failure.message();
    fs::remove(beside, failure);
    return Error{ErrorCode::output, "the file cannot be written: " + cause, path, "name another file"};
}

} // namespace nixie
