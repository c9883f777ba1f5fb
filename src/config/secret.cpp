#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>

#include "base/text.hpp"
#include "config/config.hpp"

namespace nixie {
namespace {

/// Longer secrets are a mistake, such as the wrong file.
constexpr std::size_t secret_bytes = 64 * 1024;

Result<std::string> first_line(std::string_view text, const std::string& where) {
    std::string_view line;
    next_line(text, line);
    if (line.empty())
        return Error{ErrorCode::config, "the password is empty", where, "its first line must be the password"};
    return std::string(line);
}

/// systemd shows the secrets of LoadCredential= in a folder of the service's own, and names it in the environment.
constexpr std::string_view credentials_variable = "$CREDENTIALS_DIRECTORY/";

Result<std::string> from_file(const std::string& name) {
    std::string path = name;
    if (is_credential({SecretSource::From::file, name})) {
        const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");
        if (!folder)
            return Error{
                ErrorCode::config, "there is no $CREDENTIALS_DIRECTORY: only systemd gives credentials", name,
                "run it as systemd would: systemd-run --pipe --wait --property=LoadCredential=NAME:FILE nixie …"};
        path = std::string(folder) + "/" + name.substr(credentials_variable.size());
    }
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        return Error{ErrorCode::config, std::string("cannot read the password file (") + std::strerror(errno) + ")",
                     path, "create it with the password as its only line, mode 0600"};
    if (status.st_mode & (S_IROTH | S_IWOTH))
        return Error{ErrorCode::config, "every user of this machine may read the password file", path,
                     "chmod o-rw " + path};
    std::ifstream in(path, std::ios::binary);
    std::string text(secret_bytes, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in.is_open() || in.bad())
        return Error{ErrorCode::config, "cannot read the password file", path, "let this user read it"};
    text.resize(static_cast<std::size_t>(in.gcount()));
    return first_line(text, path);
}

Result<std::string> from_command(const std::string& command) {
    const std::string where = "password_command";
    FILE* pipe = ::popen(command.c_str(), "re");
    if (!pipe) return Error{ErrorCode::config, "cannot start the password command", where, {}};
    std::string text;
    std::array<char, 4096> buffer{};
    while (text.size() < secret_bytes) {
        const std::size_t read = std::fread(buffer.data(), 1, buffer.size(), pipe);
        if (read == 0) break;
        text.append(buffer.data(), read);
    }
    if (::pclose(pipe) != 0)
        return Error{ErrorCode::config, "the password command failed", where, "run it by hand: " + command};
    return first_line(text, where);
}

} // namespace

bool is_credential(const SecretSource& source) {
    return source.from == SecretSource::From::file && source.name.starts_with(credentials_variable);
}

Result<std::string> read_secret(const SecretSource& source) {
    switch (source.from) {
        case SecretSource::From::file:
            return from_file(source.name);
        case SecretSource::From::command:
            return from_command(source.name);
        case SecretSource::From::environment:
            if (const char* value = std::getenv(source.name.c_str())) return first_line(value, source.name);
            return Error{ErrorCode::config, "the environment variable with the password is not set", source.name,
                         "set it for this process"};
        case SecretSource::From::nothing:
            break;
    }
    return std::string{};
}

} // namespace nixie
