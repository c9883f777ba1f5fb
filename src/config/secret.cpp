#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include "base/shell.hpp"
#include "base/text.hpp"
#include "config/login.hpp"

namespace nixie {
namespace {

/// Longer secrets are a mistake, such as the wrong file.
constexpr std::size_t secret_bytes = 64 * 1024;
/// A command may ask a password manager or a token server.
constexpr Duration command_patience = std::chrono::minutes(1);

Result<std::string> first_line(std::string_view text, const std::string& where) {
    std::string_view line;
    next_line(text, line);
    if (line.empty())
        return Error{ErrorCode::config, "the secret is empty", where, "its first line must be the password or token"};
    return std::string(line);
}

/// systemd shows the secrets of LoadCredential= in a folder of the service's own, and names it in the environment.
constexpr std::string_view credentials_variable = "$CREDENTIALS_DIRECTORY/";

Result<std::string> from_file(const std::string& name) {
    const std::string path = credential_path(name);
    if (is_credential(path))
        return Error{ErrorCode::config, "there is no $CREDENTIALS_DIRECTORY: only systemd gives credentials", name,
                     "run it as systemd would: systemd-run --pipe --wait --property=LoadCredential=NAME:FILE nixie …"};
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        return Error{ErrorCode::config,
                     std::string("cannot read the file of the secret (") + std::strerror(errno) + ")", path,
                     "create it with the secret as its only line, mode 0600"};
    if (status.st_mode & (S_IROTH | S_IWOTH))
        return Error{ErrorCode::config, "every user of this machine may read the file of the secret", path,
                     "chmod o-rw " + path};
    std::ifstream in(path, std::ios::binary);
    std::string text(secret_bytes, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in.is_open() || in.bad())
        return Error{ErrorCode::config, "cannot read the file of the secret", path, "let this user read it"};
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

/// Reads to the end of the pipe, but no more than a secret may have and no longer than until `deadline`.
std::string read_pipe(int fd, ShellCommand::TimePoint deadline) {
    std::string text;
    std::array<char, 4096> buffer{};
    while (text.size() < secret_bytes) {
        pollfd readable{fd, POLLIN, 0};
        const int ready = ::poll(&readable, 1, milliseconds_until(deadline));
        if (ready < 0 && errno == EINTR) continue;
        const ssize_t got = ready > 0 ? ::read(fd, buffer.data(), buffer.size()) : 0;
        if (got <= 0) break;
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text;
}

Result<std::string> from_command(const std::string& command, const std::string& where) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return Error{ErrorCode::unavailable, "no pipe for the command", where};
    auto shell = ShellCommand::start(command, -1, ends[1], command_patience);
    ::close(ends[1]);
    const std::string text = shell ? read_pipe(ends[0], shell->deadline()) : std::string();
    ::close(ends[0]);
    const auto ended = shell ? shell->wait() : Result<void>(shell.error());
    if (!ended)
        return Error{ErrorCode::config, "the command failed: " + ended.error().what, where,
                     "run it by hand: " + command};
    return text;
}

} // namespace

bool is_credential(std::string_view name) { return name.starts_with(credentials_variable); }

bool is_credential(const SecretSource& source) {
    return source.from == SecretSource::From::file && is_credential(source.name);
}

std::string credential_path(const std::string& name) {
    const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (!folder || !is_credential(name)) return name;
    return std::string(folder) + "/" + name.substr(credentials_variable.size());
}

Result<std::string> read_secret(const SecretSource& source) {
    if (source.from == SecretSource::From::nothing) return std::string{};
    auto text = read_secret_text(source);
    if (!text) return text;
    return first_line(*text, source.from == SecretSource::From::command ? source.key : source.name);
}

Result<std::string> read_secret_text(const SecretSource& source) {
    switch (source.from) {
        case SecretSource::From::file:
            return from_file(source.name);
        case SecretSource::From::command:
            return from_command(source.name, source.key);
        case SecretSource::From::environment:
            if (const char* value = std::getenv(source.name.c_str())) return std::string(value);
            return Error{ErrorCode::config, "the environment variable with the secret is not set", source.name,
                         "set it for this process"};
        case SecretSource::From::nothing:
            break;
    }
    return std::string{};
}

} // namespace nixie
