#include "anonymise/vocabulary.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "anonymise/characters.hpp"
#include "base/text.hpp"
#include "data/data.hpp"

namespace nixie {
namespace {

using Words = std::unordered_set<std::string_view>;

/// What stands between spaces. Looks into `list`.
Words split(std::string_view list) {
    Words out;
    for (auto space = list.find(' '); space != std::string_view::npos; space = list.find(' ')) {
        if (space > 0) out.insert(list.substr(0, space));
        list.remove_prefix(space + 1);
    }
    return out;
}

constexpr std::string_view role_words =
    "help owner contact service group "
    "postmaster mailer-daemon mailerdaemon mdaemon mailsystem bounce-handler mail-daemon mailer_daemon daemon root "
    "abuse hostmaster webmaster noreply "
    "no-reply donotreply do-not-reply bounce bounces admin administrator mail info support devnull staff complaints "
    "feedback fbl scomp feedbackloop arf dmarc tlsrpt undisclosed-recipients nobody returnmail mmdf uucp staff_fbl "
    "autoreply auto-reply vacation listserv majordomo unsubscribe subscribe redacted undisclosed hidden removed ";

const Words& roles() {
    static const Words words = split(role_words);
    return words;
}

constexpr std::string_view provider_words =
    "google.com googlemail.com gmail.com googlegroups.com 1e100.net microsoft.com outlook.com hotmail.com "
    "hotmail.fr hotmail.co.uk live.com msn.com office365.com onmicrosoft.com office.com yahoo.com yahoo.co.jp "
    "yahoo.co.uk yahoo.fr yahoo.de yahoodns.net ymail.com aol.com aim.com verizon.net icloud.com me.com mac.com "
    "apple.com amazonses.com amazonaws.com awsapps.com amazon.com yandex.ru yandex.net yandex.com mail.ru list.ru "
    "bk.ru inbox.ru rambler.ru qq.com foxmail.com tencent.com 163.com 126.com netease.com yeah.net sina.com "
    "sohu.com aliyun.com gmx.net gmx.de gmx.com gmx.at web.de 1and1.com kundenserver.de ui-dsn.com t-online.de "
    "freenet.de orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it comcast.net "
    "cox.net att.net sbcglobal.net bellsouth.net charter.net earthlink.net rr.com btinternet.com sky.com zoho.com "
    "zoho.eu fastmail.com messagingengine.com protonmail.ch protonmail.com proton.me naver.com daum.net hanmail.net "
    "docomo.ne.jp ezweb.ne.jp au.com softbank.jp softbank.ne.jp i.softbank.jp nifty.com biglobe.ne.jp "
    "messagelabs.com symanteccloud.com mxlogic.net mimecast.com pphosted.com ppe-hosted.com proofpoint.com "
    "barracuda.com "
    "barracudanetworks.com barracudacentral.org cloudfilter.net sophos.com trendmicro.com trendmicro.eu iphmx.com "
    "cisco.com spamcop.net spamhaus.org sorbs.net uceprotect.net surbl.org uribl.com senderscore.org senderbase.org "
    "mailspike.net cloudmark.com vadesecure.com hornetsecurity.com secureserver.net sendgrid.net sendgrid.com "
    "mailgun.org mailgun.net mandrillapp.com mailchimp.com mcsv.net sparkpostmail.com postmarkapp.com mailjet.com "
    "sendinblue.com mtasv.net exacttarget.com ietf.org rfc-editor.org iana.org postfix.org sendmail.org exim.org "
    "qmail.org isi.edu openspf.org open-spf.org in-addr.arpa ip6.arpa facebook.com linkedin.com ";

const Words& providers() {
    static const Words words = split(provider_words);
    return words;
}

constexpr std::string_view function_words =
    "mx mail smtp mta relay in out inbound outbound l aspmx alt imap pop protection prod eop gateway gw www ns list "
    "lists news bounce bounces mailer mailout mailin smtpin zen bl sbl pbl xbl dnsbl host server gmail-smtp-in "
    "support com net org co localhost mout postmaster hosted ";

const Words& functions() {
    static const Words words = split(function_words);
    return words;
}

constexpr std::string_view top_level_words =
    "com net org edu gov mil int info biz name pro aero coop museum jobs mobi travel tel cat asia post arpa xyz "
    "online site shop store app dev cloud email club top live tech space website agency berlin hamburg london paris "
    "nyc media news group company solutions services systems network digital world life example test invalid "
    "localhost local localdomain lan internal corp home intern intra domain ";

const Words& generic_top_levels() {
    static const Words words = split(top_level_words);
    return words;
}

/// Two letters each: ISO 3166 and the few more in the DNS.
constexpr std::string_view country_codes =
    " "
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc "
    "cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga "
    "gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo "
    "jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr "
    "ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re "
    "ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr "
    "tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw ";

constexpr std::string_view mail_word_list =
    "help owner contact group "
    "mail mailer daemon mailer-daemon delivery system subsystem postmaster administrator admin agent service server "
    "the of on behalf via microsoft outlook exchange office google groups yahoo gmail internet message messages "
    "returned notification status undeliverable undelivered unknown user users mailbox full over quota account "
    "address recipient recipients sender blocked rejected refused denied disabled inactive suspended expired spam "
    "virus policy host domain relay relaying access error failed failure temporary permanent invalid valid found "
    "not no such local remote for from and with this that your you was has been are is be to in greylisted greylist "
    "delayed moved closed large size limit exceeded timeout timed out connection network loop list lists feedback "
    "abuse complaint report reports automatic auto reply vacation away confirm confirmation robot support customer "
    "team info news newsletter sales test example smtp esmtp dns rfc822 unrouteable failed_recipient security "
    "content filter unreachable refuses unavailable available fml ezmlm mailman sympa majordomo listserv ";

const Words& mail_words() {
    static const Words words = split(mail_word_list);
    return words;
}

/// "mx\.example\.com" is how a pattern spells it.
std::string without_backslashes(std::string_view pattern) {
    std::string out;
    for (const char c : pattern)
        if (c != '\\') out += c;
    return out;
}

/// What the formats and rules name in conditions; their examples speak of nobody.
std::unordered_set<std::string> named_in_data() {
    std::unordered_set<std::string> out;
    for (const std::string_view folder : {"formats", "rules"})
        for (const auto& file : built_in_files(folder)) {
            const std::string text = to_lower(without_backslashes(file.text));
            for (std::size_t at = 0; at < text.size(); ++at) {
                const std::size_t begin = at;
                while (at < text.size() && in_host(text[at])) ++at;
                std::string_view host = std::string_view(text).substr(begin, at - begin);
                while (!host.empty() && host.back() == '.') host.remove_suffix(1);
                const auto dot = host.rfind('.');
                if (dot == std::string_view::npos || dot == 0 || !is_top_level(host.substr(dot + 1))) continue;
                const auto before = host.rfind('.', dot - 1);
                host.remove_prefix(before == std::string_view::npos ? 0 : before + 1);
                if (!host.starts_with("example.") && !host.ends_with(".example") && !host.ends_with(".test"))
                    out.emplace(host);
            }
        }
    return out;
}

} // namespace

bool is_role(std::string_view local) {
    return roles().count(local) > 0 || local.starts_with("microsoftexchange") || local.starts_with("postmaster");
}

std::string_view public_suffix_of(std::string_view host) {
    static const std::unordered_set<std::string> named = named_in_data();
    for (std::string_view rest = host;;) {
        if (providers().count(rest) > 0 || named.count(std::string(rest)) > 0) return rest;
        const auto dot = rest.find('.');
        if (dot == std::string_view::npos) return {};
        rest.remove_prefix(dot + 1);
    }
}

bool is_function_label(std::string_view label) {
    const auto last = label.find_last_not_of("0123456789");
    const std::string_view stem = label.substr(0, last == std::string_view::npos ? 0 : last + 1);
    return label.size() <= stem.size() + 3 && functions().count(stem) > 0;
}

bool is_provider_label(std::string_view label) {
    static const Words labels = [] {
        constexpr std::size_t shortest = 5; // shorter ones are words: "web", "free"
        Words out;
        for (const std::string_view domain : providers())
            if (const auto first = domain.substr(0, domain.find('.')); first.size() >= shortest) out.insert(first);
        for (const std::string_view word : {"orange", "inbox", "office"}) out.erase(word);
        return out;
    }();
    return labels.count(label) > 0;
}

bool is_top_level(std::string_view label) {
    const std::string lower = to_lower(label);
    if (lower.size() == 2) return country_codes.find(" " + lower + " ") != std::string_view::npos;
    return generic_top_levels().count(lower) > 0;
}

bool is_mail_word(std::string_view word) { return mail_words().count(word) > 0; }

} // namespace nixie
