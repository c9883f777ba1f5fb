// An expected failure is a value that says what failed, where, and what to do about it.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "nixie/time.hpp"

namespace nixie {

/// What sort of failure an Error is; the command line turns it into a code of sysexits.h.
enum class ErrorCode {
    usage,         ///< wrong arguments                                     (EX_USAGE)
    config,        ///< configuration, rule or format file                  (EX_CONFIG)
    input,         ///< a file to read is missing or unreadable             (EX_NOINPUT)
    output,        ///< a file or folder cannot be written                  (EX_IOERR)
    database,      ///< the journal cannot be opened, read or written       (EX_IOERR)
    unavailable,   ///< server not reached or connection lost               (EX_UNAVAILABLE)
    refused,       ///< the server said no; the connection still stands     (EX_UNAVAILABLE)
    no_room,       ///< quota or disk full: nothing goes in there until someone makes room (EX_UNAVAILABLE)
    forbidden,     ///< the account may not do this: a person must grant it (EX_NOPERM)
    protocol,      ///< the server broke its protocol                       (EX_PROTOCOL)
    refused_login, ///< user name, password or mechanism refused            (EX_NOPERM)
    busy,          ///< another instance holds the lock                     (EX_TEMPFAIL)
    interrupted,   ///< asked to stop                                       (EX_TEMPFAIL)
};

/// Only what was asked for was not done: the connection stands, and something else may succeed.
constexpr bool is_refusal(ErrorCode code) {
    return code == ErrorCode::refused || code == ErrorCode::no_room || code == ErrorCode::forbidden;
}

struct Error {
    ErrorCode code;
    std::string what;        ///< one sentence without a full stop: "password refused"
    std::string where = {};  ///< file:line, mailbox name, URL without secrets; may be empty
    std::string remedy = {}; ///< what the reader can do; may be empty
    /// How long the server asks to be left alone, or is known to refuse; nothing: it did not tell.
    std::optional<Duration> wait = {};

    /// "where: what; remedy", leaving out what is empty.
    [[nodiscard]] std::string text() const {
        std::string out = where.empty() ? what : where + ": " + what;
        return remedy.empty() ? out : out + "; " + remedy;
    }
};

/// A value or the Error that prevented it. Reading the side that is not there is a bug (asserted).
template <class T>
class [[nodiscard]] Result {
  public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    [[nodiscard]] T& value() & { return *checked_value(); }
    [[nodiscard]] const T& value() const& {
        assert(ok());
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] T value() && { return std::move(*checked_value()); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T* operator->() { return checked_value(); }
    const T* operator->() const { return &value(); }

    [[nodiscard]] const Error& error() const {
        assert(!ok());
        return *std::get_if<1>(&state_);
    }

  private:
    T* checked_value() {
        assert(ok());
        return std::get_if<0>(&state_);
    }
    std::variant<T, Error> state_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
  public:
    Result() = default;
    Result(Error error) : state_(std::move(error)) {}

    [[nodiscard]] bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }
    [[nodiscard]] const Error& error() const {
        assert(!ok());
        return *std::get_if<1>(&state_);
    }

  private:
    std::variant<std::monostate, Error> state_;
};

} // namespace nixie
