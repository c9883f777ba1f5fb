#include "setup/plan.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>

#include <fmt/format.h>

#include "mailbox/files.hpp"

namespace nixie {
namespace {

/// A basic string of TOML.
std::string toml_string(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            out += {'\\', c};
        else if (byte < 0x20 || byte == 0x7F)
            out += fmt::format("\\u{:04X}", byte);
        else
            out += c;
    }
    return out + "\"";
}

std::string line_of(const char* key, const std::string& value) {
    return value.empty() ? std::string() : fmt::format("{} = {}\n", key, toml_string(value));
}

std::string oauth_text(const SetupPlan& plan) {
    std::string out =
        "\n# Tokens instead of a password: `nixie auth login " + plan.name + "`, once.\n[mailbox.oauth]\n";
    out += line_of("preset", plan.preset);
    // Google's device login grants no mail.
    if (plan.preset == "google") out += line_of("flow", "browser");
    return out + line_of("tenant", plan.tenant) + line_of("client_id", plan.client_id) +
           line_of("client_secret_file", plan.client_secret_file);
}

bool give_to(const std::string& like, int file) {
    struct stat model {};
    if (like.empty() || ::geteuid() != 0 || ::stat(like.c_str(), &model) != 0) return true;
    return ::fchown(file, model.st_uid, model.st_gid) == 0;
}

/// A second name, which a file of that name hinders, then the first one goes.
bool put_in_place(const std::string& staged, const std::string& path, Existing existing) {
    if (existing == Existing::replace) return ::rename(staged.c_str(), path.c_str()) == 0;
    if (::link(staged.c_str(), path.c_str()) != 0) return false;
    ::unlink(staged.c_str());
    return true;
}

} // namespace

std::string mailbox_name_for(const std::string& address) {
    std::string out;
    for (const char c : address.substr(0, address.find('@'))) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
        out += plain ? c : '-';
    }
    return out.empty() ? "bounces" : out;
}

std::string configuration_text(const SetupPlan& plan) {
    std::string out =
        "# Written by `nixie init`. The sample nixie.toml that comes with nixie tells of every setting.\n\n"
        "# The journal: which messages were seen, and what they said of whom.\n" +
        line_of("state", plan.state) + "\n[[mailbox]]\n" + line_of("name", plan.name) + line_of("url", plan.url) +
        line_of("user", plan.user) + line_of("password_file", plan.password_file) + line_of("ca_file", plan.ca_file);
    if (!plan.local_maildir.empty())
        out += "# POP3 has no folders: messages are filed here, then deleted on the server.\n" +
               line_of("maildir", plan.local_maildir);
    return plan.preset.empty() ? out : out + oauth_text(plan);
}

bool is_untouched_sample(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(sample_configuration.size() + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text == sample_configuration;
}

Result<void> install_file(const std::string& path, const std::string& text, unsigned mode, Existing existing,
                          const std::string& owner_like) {
    const std::string staged = fmt::format("{}.new-{}", path, ::getpid());
    const FileDescriptor file(
        ::open(staged.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
    if (!file) return file_error(ErrorCode::output, "write", path, errno);
    const bool written = write_all(file.get(), text) && ::fchmod(file.get(), mode) == 0 &&
                         give_to(owner_like, file.get()) && ::fsync(file.get()) == 0 &&
                         put_in_place(staged, path, existing);
    if (written) return {};
    const int cause = errno;
    Error error = file_error(ErrorCode::output, "write", path, cause);
    if (cause == EEXIST) error.remedy = "--force replaces it; --print only shows what would be written";
    ::unlink(staged.c_str());
    return error;
}

} // namespace nixie
