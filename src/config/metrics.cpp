#include <arpa/inet.h>

#include <charconv>

#include "config/sections.hpp"

namespace nixie {
namespace {

bool is_numeric_address(const std::string& host) {
    in6_addr any{};
    return ::inet_pton(host.find(':') == std::string::npos ? AF_INET : AF_INET6, host.c_str(), &any) == 1;
}

/// "9725", "127.0.0.1:9725" or "[::1]:9725".
bool read_listen(std::string_view text, MetricsConfig& out) {
    std::string_view port = text;
    if (const auto colon = text.rfind(':'); colon != std::string_view::npos) {
        std::string_view host = text.substr(0, colon);
        port = text.substr(colon + 1);
        if (host.starts_with('[') && host.ends_with(']'))
            host = host.substr(1, host.size() - 2);
        else if (host.find(':') != std::string_view::npos)
            return false;
        out.host = host;
    }
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    return error == std::errc{} && end == port.data() + port.size() && out.port >= 1 && out.port <= 65535 &&
           is_numeric_address(out.host);
}

} // namespace

MetricsConfig read_metrics(const toml::table& table, const std::string& file, std::vector<Error>& errors) {
    TableReader in(table, file, "[metrics]", errors);
    MetricsConfig out;
    out.textfile = in.text("textfile");
    if (!out.textfile.empty() && !(out.textfile.starts_with('/') && out.textfile.ends_with(".prom")))
        in.complain(
            "textfile", "`textfile` names no absolute path that ends in .prom",
            "node_exporter reads only such files in its folder, as /var/lib/prometheus/node-exporter/nixie.prom");
    if (in.has("listen") && !read_listen(in.text("listen"), out))
        in.complain("listen", "`listen` is no port, and no numeric address with a port",
                    "write it as 127.0.0.1:9725 or [::1]:9725; a port alone is one of this machine only");
    in.refuse_other_keys();
    return out;
}

} // namespace nixie
