// A mailbox as the worker sees it: list the inbox, fetch messages, file them in folders, and look again at those folders.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "mailbox/trial.hpp"
#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

enum class Access {
    examine, ///< nothing on the server changes, not even a flag
    change,
};

/// A folder's levels from the root down, in UTF-8: {"Bounces", "bad-mailbox"}; how that is spelled on the server is the
/// mailbox's business. Without levels: the inbox.
using FolderPath = std::vector<std::string>;

/// The messages of a folder. `validity` and a uid together name one message for ever (IMAP: UIDVALIDITY and UID; POP3:
/// UIDL; Maildir: the unique part of the file's name); a changed validity makes all earlier uids void.
struct Listing {
    std::string validity;
    std::vector<std::string> uids; ///< oldest first
};

/// One message as fetched.
struct FetchedMessage {
    std::string uid;
    std::string bytes;    ///< at most the limit asked for
    std::size_t size = 0; ///< of the whole message, in bytes; larger than bytes.size() if it was cut
    Time arrived{};       ///< when the mailbox received it (IMAP: INTERNALDATE)
};

/// Keywords that messages are to carry, such as "nixie-user-unknown": IMAP atoms.
struct Marking {
    std::vector<std::string> keywords;
    std::vector<std::string> uids;
};

/// Messages that go to one folder.
struct Filing {
    FolderPath folder;
    std::vector<std::string> uids;
    std::vector<Marking> markings = {}; ///< of some of them, as far as the mailbox keeps keywords; set before the move
};

/// A message of our own making.
struct NewMessage {
    std::string id;    ///< its Message-ID without angle brackets: names it for ever
    std::string bytes; ///< with that Message-ID in its header
    Time arrived{};
};

/// What filed messages are called where they lie now.
struct Filed {
    std::string validity;                    ///< of that folder; empty where nothing was told
    std::map<std::string, std::string> uids; ///< in the folder they came from -> in that one; without what was not told
};

/// What a folder looks like from outside.
struct FolderState {
    bool exists = false;
    std::string validity;
    std::string next; ///< a message that comes later has no smaller uid (IMAP: UIDNEXT); empty where uids have no order
    std::string mark; ///< the same as earlier: nothing has come or gone since; empty: ask the folder itself
    std::size_t messages = 0; ///< where `next` is not empty
};

/// An Error of file() after which other folders may still take messages.
bool concerns_one_folder(ErrorCode code);

/// A limit of the account (RFC 9208).
struct Quota {
    std::string resource; ///< "storage" in KiB, "message", …
    std::uint64_t used = 0;
    std::uint64_t limit = 0; ///< never 0
};

/// What `nixie doctor` shows.
struct MailboxInfo {
    std::string server; ///< greeting, ID or path
    std::vector<std::string> capabilities;
    std::string prefix; ///< of the personal namespace
    std::string separator;
    std::string filing;                        ///< how messages are moved: "MOVE", "COPY, UID EXPUNGE", …
    std::size_t messages = 0;                  ///< in the inbox
    std::vector<std::string> folders;          ///< existing ones, in UTF-8 with '/' between levels
    std::map<std::string, std::string> rights; ///< letters of RFC 4314 by folder, spelled as in `folders`; where told
    std::vector<Quota> quotas;
};

enum class Wake {
    changed, ///< something arrived, or may have
    timeout,
    stopped, ///< the stop descriptor became readable
};

/// One connection to one mailbox, which is about one folder at a time: the inbox until enter(). Not thread-safe. After an error the object may be opened again; nothing is half done
/// but what the error's text says.
class Mailbox {
  public:
    using Sink = std::function<void(FetchedMessage&&)>;
    /// What to fetch next; empty if there is no more. Looked into until it is asked again.
    using Chunks = std::function<std::span<const std::string>()>;
    /// What became of a Filing.
    using Outcome = std::function<void(const Filing&, const Result<Filed>&)>;

    virtual ~Mailbox() = default;

    /// Connects, logs in and selects the inbox. Closes first what was open.
    virtual Result<void> open(Access access) = 0;
    virtual Result<MailboxInfo> inspect() = 0;
    /// Does once what filing needs, in folders of its own below `root`, and clears up whatever happened. An Error if it could
    /// not begin. Needs Access::change.
    virtual Result<FilingTrial> try_out(const FolderPath& root, const Clock& clock) = 0;
    virtual Result<Listing> list() = 0;
    /// Only what came at or after `next` of an earlier FolderState of the same validity; all, where uids have no order.
    virtual Result<Listing> list_from(const std::string& next) = 0;
    /// Gives each message that still exists to `sink` as soon as it is there, in any order, at most `max_bytes` of it.
    /// One that has vanished is passed over. Never marks a message seen.
    virtual Result<void> fetch(std::span<const std::string> uids, std::size_t max_bytes, const Sink& sink) = 0;
    /// As fetch(), chunk after chunk; where the mailbox can, the next one is asked for before the one before has come.
    virtual Result<void> fetch_all(const Chunks& chunks, std::size_t max_bytes, const Sink& sink);
    /// Creates and subscribes the folder where it is missing, then moves. Returns when the server has confirmed all.
    /// A uid that is no longer there is no error.
    virtual Result<Filed> file(const Filing& filing) = 0;
    /// As file(), for several folders, in as few round trips as the mailbox can. One that refuses does not stop the others; an
    /// Error that does is returned, and every Filing that was done has been told to `outcome` before.
    virtual Result<void> file_all(std::span<const Filing> filings, const Outcome& outcome);
    /// Whether Filing::markings have an effect.
    [[nodiscard]] virtual bool keeps_keywords() const { return false; }
    /// Puts it into that folder, unread, unless it lies there already; the folder is created and subscribed where it is missing.
    /// It is safe there when this returns. Then the mailbox is about the inbox.
    virtual Result<void> put(const FolderPath& folder, const NewMessage& message) = 0;
    /// Removes for good what put() put there under that id; no Error if it is no longer there. Then the mailbox is about the inbox.
    virtual Result<void> take_back(const FolderPath& folder, const std::string& id) = 0;
    /// How these folders look, in the same order; in one round trip where the server can. Changes and enters nothing.
    virtual Result<std::vector<FolderState>> look(std::span<const FolderPath> folders) = 0;
    /// From now on list(), fetch() and, with Access::change, file() are about that folder. A refusal if it is
    /// not there or cannot be had so; then the mailbox is about no folder until it enters another. Free if it is there.
    virtual Result<void> enter(const FolderPath& folder, Access access) = 0;
    /// Whether a message that was filed and is listed again was put back by someone. Where folders are none of the
    /// server's (POP3) it just never went away: a lost QUIT.
    [[nodiscard]] virtual bool can_come_back() const = 0;
    /// Ends the session in the way that makes its changes stick (POP3: QUIT).
    virtual Result<void> close() = 0;
    /// Waits until something may have arrived in the inbox (IMAP: IDLE), `timeout` is over or `stop_fd` is readable.
    virtual Result<Wake> wait(Duration timeout, int stop_fd) = 0;
};

} // namespace nixie
