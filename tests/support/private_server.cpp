#include "support/private_server.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace nixie {
namespace {

/// Standard output; throws with what the command said on standard error if it fails.
std::string run(const std::string& command) {
    std::string output;
    FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
    std::array<char, 512> buffer{};
    while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe) != nullptr) output += buffer.data();
    if (::pclose(pipe) != 0) throw std::runtime_error(command + ": " + output);
    return output;
}

} // namespace

PrivateServer::PrivateServer(std::string script, const std::vector<std::string>& options) : script_(std::move(script)) {
    std::string name = (std::filesystem::temp_directory_path() / "nixie-server-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot create " + name);
    dir_ = name;
    std::string command = script_ + " start " + name;
    for (const auto& option : options) command += " '" + option + "'";
    values_ = " " + run(command);
    values_.erase(values_.find_last_not_of('\n') + 1);
}

PrivateServer::~PrivateServer() {
    try {
        run(script_ + " stop " + dir_.string());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
    }
    std::error_code ignored;
    std::filesystem::remove_all(dir_, ignored);
}

std::string PrivateServer::value(const std::string& key) const {
    const auto at = values_.find(" " + key + "=");
    if (at == std::string::npos) throw std::runtime_error("the server was started without " + key);
    const auto begin = at + key.size() + 2;
    return values_.substr(begin, values_.find(' ', begin) - begin);
}

Endpoint PrivateServer::endpoint(const std::string& scheme, const std::string& user) const {
    Endpoint endpoint;
    const bool implicit = scheme.back() == 's';
    endpoint.url = scheme + (implicit ? "://localhost:" : "://127.0.0.1:") + value(scheme);
    endpoint.tls = implicit ? Tls::implicit : Tls::none;
    if (implicit) endpoint.ca_file = ca_file();
    endpoint.user = user;
    endpoint.password = "pw";
    endpoint.timeout = std::chrono::seconds(30);
    return endpoint;
}

} // namespace nixie
