#include <catch2/catch.hpp>

#include "log/datagram.hpp"
#include "support/datagram_socket.hpp"
#include "support/temporary_directory.hpp"

using namespace nixie;

TEST_CASE("datagram: is sent to a path and to an abstract name") {
    const TemporaryDirectory dir;
    const std::string path = dir.file("socket");
    const DatagramSocket socket(GENERATE_COPY(as<std::string>{}, path, "@" + path));
    CHECK(send_datagram(socket.name(), "READY=1"));
    CHECK(socket.receive() == "READY=1");
}

TEST_CASE("datagram: where nobody listens, or the name is none, it is lost and nothing else happens") {
    const TemporaryDirectory dir;
    const std::string path = dir.file("nobody");
    const auto name =
        GENERATE_COPY(as<std::string>{}, path, "@" + path, "", "@", "relative", "/" + std::string(200, 'x'));
    CHECK_FALSE(send_datagram(name, "READY=1"));
}
