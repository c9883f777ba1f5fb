#include <catch2/catch.hpp>

#include "report/columns.hpp"
#include "report/table.hpp"

using namespace nixie;

TEST_CASE("display_width: columns on a terminal, not bytes") {
    CHECK(display_width("") == 0);
    CHECK(display_width("full") == 4);
    CHECK(display_width("Müller") == 6);
    CHECK(display_width("送信エラー") == 10);
    CHECK(display_width("e\xCC\x81") == 1);
    CHECK(display_width("배달") == 4);
}

TEST_CASE("cut_to_width: what does not fit is marked as cut, between characters") {
    CHECK(cut_to_width("mailbox", 7) == "mailbox");
    CHECK(cut_to_width("mailbox", 5) == "mail…");
    CHECK(cut_to_width("Müller", 3) == "Mü…");
    CHECK(cut_to_width("送信エラー", 6) == "送信…");
    CHECK(cut_to_width("mailbox", 1) == "…");
    CHECK(cut_to_width("mailbox", 0) == "");
}

TEST_CASE("wrapped: words are kept whole, and what hangs is indented") {
    CHECK(wrapped("one two three", 2, 8) == "one two\n  three");
    CHECK(wrapped("one two", 2, any_width) == "one two");
    CHECK(wrapped("incomprehensibilities is long", 0, 5) == "incomprehensibilities\nis\nlong");
    CHECK(wrapped("a\x1b[2Jb\n c", 0, 80) == "a?[2Jb c");
    CHECK(wrapped("", 4, 10) == "");
}

TEST_CASE("table: is cut to the terminal at its widest columns") {
    Table table({{"WHO"}, {"WHY"}});
    table.add({"ann@example.org", "the mailbox is full and nobody empties it"});
    CHECK(table.text(40) ==
          "WHO              WHY\n"
          "ann@example.org  the mailbox is full an…\n");
    CHECK(table.text() ==
          "WHO              WHY\n"
          "ann@example.org  the mailbox is full and nobody empties it\n");
}
