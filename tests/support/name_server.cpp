#include "support/name_server.hpp"

#include <unistd.h>

#include <stdexcept>

#include "setup/dns.hpp"
#include "support/eventually.hpp"
#include "support/loopback_port.hpp"

namespace nixie {

NameServer::NameServer(const std::vector<std::string>& records) {
    const std::string port = LoopbackPort(LoopbackPort::Behaviour::closed).number(); // free again at once
    port_ = static_cast<std::uint16_t>(std::stoi(port));
    std::vector<std::string> command{"/usr/sbin/dnsmasq",
                                     "--keep-in-foreground",
                                     "--port=" + port,
                                     "--listen-address=127.0.0.1",
                                     "--bind-interfaces",
                                     "--no-resolv",
                                     "--no-hosts",
                                     "--conf-file=/dev/null",
                                     "--pid-file",
                                     "--log-facility=-",
                                     "--host-record=ready.test,192.0.2.1"};
    if (::geteuid() == 0) command.insert(command.end(), {"--user=nobody", "--group=nogroup"});
    command.insert(command.end(), records.begin(), records.end());
    process_ = std::make_unique<Running>(command);
    if (!eventually([&] { return SystemResolver(port_).has_address("ready.test"); }))
        throw std::runtime_error("dnsmasq does not answer; on Debian: apt-get install dnsmasq-base");
}

} // namespace nixie
