#include <catch2/catch.hpp>

#include "mail/html.hpp"

using namespace nixie;

TEST_CASE("html: the text a reader would see") {
    const auto [html, expected] = GENERATE(table<std::string, std::string>({
        {"plain  text\n here", "plain text here"},
        {"<p>one</p><p>two</p>", "one\ntwo\n"},
        {"<div>one<div>two</div></div>three", "one\ntwo\nthree"},
        {"a<br>b<BR/>c", "a\nb\nc"},
        {"a<br><br>b", "a\n\nb"},
        {"<tr><td>550</td><td>5.1.1</td></tr><tr><th>x</th></tr>", "550 5.1.1\nx\n"},
        {"<ul><li>a</li><li>b</li></ul>", "a\nb\n"},
        {"a <b> bold </b> c", "a bold c"},
        {"<head><title>T</title><style>p{}</style></head><body>b</body>", "b\n"},
        {"<head><meta><body>no end of head", "no end of head"},
        {"a<script>if (1 < 2) x();</script>b<style>c</style>", "ab"},
        {"a<!-- <b> -- > -->b", "ab"},
        {"<!DOCTYPE html><?xml version='1'?>a", "a"},
        {"<a title=\"x > y\" href='z'>link</a>", "link"},
        {"<a href='mailto:a@example.com?subject=x'>Ann Long</a>: full", "Ann Long <a@example.com>: full"},
        {"<a href=\"mailto:a@example.com\">a@example.com</a>", "a@example.com"},
        {"<a href=mailto:a@example.com>Ann <a name=b>Bob</a>", "Ann <a@example.com>Bob"},
        {"<a href='mailto:nobody'>Ann</a><a href='https://example.com/@x'>x</a>", "Annx"},
        {"<pre>a\n  b</pre>c", "a\n  b\nc"},
        {"a&nbsp;&amp;&lt;&gt;&quot;&#39;&#x41;&#65;&euro;", "a &<>\"'AA€"},
        {"&unknown; &amp &#0; &#xD800; &#x110000; &#99999999999; &",
         "&unknown; &amp &#0; &#xD800; &#x110000; &#99999999999; &"},
        {"<someone@example.com>: refused", "<someone@example.com>: refused"},
        {"1 < 2 > 1", "1 < 2 > 1"},
        {"a <", "a <"},
        {"", ""},
    }));
    CAPTURE(html);
    CHECK(html_to_text(html) == expected);
}

TEST_CASE("html: nothing is lost behind what never ends") {
    const auto [html, expected] = GENERATE(table<std::string, std::string>({
        {"<script>code", "code"},
        {"<style>a<b>c", "ac"},
        {"<!-- a<b>c", "c"},
        {"<a href=\"x>text</a>", "text"},
        {"text <b", "text <b"},
        {"<pre>a<pre>b", "a\nb"},
    }));
    CAPTURE(html);
    CHECK(html_to_text(html) == expected);
}

TEST_CASE("html: megabytes of one beginning are read in linear time") {
    const auto unit =
        GENERATE(as<std::string>{}, "<", "<!--", "<script>", "<head><body>", "<a b=\"", "&#", "</", "<pre>", "<a ");
    std::string html;
    while (html.size() < 500'000) html += unit;
    CAPTURE(unit);
    CHECK(html_to_text(html).size() <= html.size());
}
