// Where a mailbox's server is, how to reach it, and as whom to log in.
#pragma once

#include <functional>
#include <string>

#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

enum class Tls {
    implicit, ///< imaps, pop3s
    starttls, ///< required after connecting in the clear
    none,     ///< only on loopback, or where the configuration allows it in words
};

/// The way to the server.
struct Proxy {
    enum class From {
        nowhere,     ///< straight to the server
        environment, ///< as ALL_PROXY and NO_PROXY say, if they are set
        url,
    };
    From from = From::nowhere;
    std::string url; ///< "socks5h://host:1080", "http://host:3128" (CONNECT); no user
    std::string user;
    std::string password;
};

/// The certificate by which this side shows who it is; PEM files.
struct ClientCertificate {
    std::string file; ///< empty: none
    std::string key;  ///< empty: in `file`
    std::string key_password;
};

/// An OAuth access token. `refused` is the one the server has just refused, or empty; if the answer is that one again, it
/// is not tried a second time.
using TokenProvider = std::function<Result<std::string>(const std::string& refused)>;

struct Endpoint {
    std::string url; ///< "imaps://host:993", "pop3://127.0.0.1:110": scheme, host, port; no user, no path
    Tls tls = Tls::implicit;
    std::string ca_file; ///< PEM; empty: the system's
    ClientCertificate certificate;
    Proxy proxy;
    std::string user;
    std::string mechanism; ///< of SASL, in capitals; empty: the best that server and libcurl have in common
    std::string password;
    TokenProvider token;                         ///< if set it is asked at each login, and `password` means nothing
    Duration timeout = std::chrono::seconds(60); ///< for connecting, and for each wait for the server's next byte
    std::function<bool()>
        stop; ///< asked while connecting, about once a second, and while the server is silent: whether to give up
};

} // namespace nixie
