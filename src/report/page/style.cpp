#include "report/page/style.hpp"

namespace nixie {

const char* const page_style = R"css(
:root { color-scheme: light dark; --ink: #1b2430; --quiet: #5b6776; --paper: #f5f6f8; --card: #ffffff; --rule: #dde2e8;
  --hard: #b3324a; --soft: #c07f14; --blocked: #3f62c4; --good: #1f7a4d; --link: #2850b8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaf0; --quiet: #9aa6b5; --paper: #12161c; --card: #1b2129; --rule: #303945;
    --hard: #e8768a; --soft: #e0ad52; --blocked: #89a5f2; --good: #62c493; --link: #9db7ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
header h1 { margin: 0; font-size: 1.9rem; letter-spacing: -0.01em; }
header p { margin: 0.25rem 0 0; color: var(--quiet); }
h2 { margin: 0 0 0.35rem; font-size: 1.15rem; }
section { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 1.25rem 1.4rem; margin-top: 1.25rem; }
section > p { margin: 0 0 0.9rem; color: var(--quiet); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 0.9rem; margin-top: 1.5rem; }
.tile { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 0.9rem 1rem; }
.tile b { display: block; font-size: 1.9rem; line-height: 1.2; font-weight: 650; font-variant-numeric: tabular-nums; }
.tile span { display: block; color: var(--quiet); font-size: 0.92rem; }
.tile.hard b { color: var(--hard); } .tile.soft b { color: var(--soft); } .tile.blocked b { color: var(--blocked); }
.tile.good b { color: var(--good); }
.lead { margin: 1.1rem 0 0; font-size: 1.12rem; max-width: 46rem; } strong { font-weight: 650; }
strong.good, td.good { color: var(--good); } strong.soft, td.soft { color: var(--soft); } strong.hard, td.hard { color: var(--hard); }
td.level { font-size: 0.88rem; font-weight: 600; }
.halves { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 1rem 2.5rem; align-items: start; } .halves td.name { min-width: 5rem; }
svg.scale { height: 66px; overflow: visible; margin: 0.4rem 0 1rem; } .zone { opacity: 0.3; } rect.good { fill: var(--good); }
svg .mark { stroke: var(--ink); stroke-width: 1.5px; opacity: 0.55; } circle.now { fill: var(--ink); } circle.before { fill: var(--card); stroke: var(--ink); stroke-width: 2px; }
.legend { display: flex; flex-wrap: wrap; gap: 0.4rem 1.2rem; margin: 0 0 0.6rem; padding: 0; list-style: none; font-size: 0.92rem; }
.legend i { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 3px; margin-right: 0.45em; }
i.hard { background: var(--hard); } i.soft { background: var(--soft); } i.blocked { background: var(--blocked); }
svg { display: block; width: 100%; } svg.days { height: auto; } svg.bar { height: 0.7rem; min-width: 6rem; border-radius: 3px; }
svg text { fill: var(--quiet); font-size: 13px; } svg .grid { stroke: var(--rule); }
rect.hard { fill: var(--hard); } rect.soft { fill: var(--soft); } rect.blocked { fill: var(--blocked); }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 0.95rem; }
th { text-align: left; font-weight: 600; color: var(--quiet); font-size: 0.85rem; border-bottom: 1px solid var(--rule); }
th, td { padding: 0.45rem 0.75rem 0.45rem 0; vertical-align: top; }
tbody tr + tr td { border-top: 1px solid var(--rule); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.name { overflow-wrap: anywhere; min-width: 9rem; } td.bar { width: 24%; padding-top: 0.75rem; }
td small { display: block; color: var(--quiet); }
.mark { display: inline-block; border: 1px solid currentColor; border-radius: 999px; padding: 0 0.55em; font-size: 0.82rem; font-weight: 600; }
.mark.hard, .alarm { color: var(--hard); } .mark.soft, .warn { color: var(--soft); } .mark.blocked { color: var(--blocked); } .good { color: var(--good); }
details { margin-top: 0.8rem; } summary { cursor: pointer; color: var(--link); }
footer { margin-top: 1.5rem; color: var(--quiet); font-size: 0.88rem; }
@media (max-width: 40rem) { main { padding: 1.2rem 0.8rem 2rem; } section { padding: 1rem; } .more { display: none; } td.bar { width: 22%; } svg.bar { min-width: 3.5rem; } svg.days { min-width: 36rem; } header h1 { font-size: 1.5rem; } }
@media print { :root { --ink: #000; --quiet: #444; --paper: #fff; --card: #fff; --rule: #bbb; --hard: #a3213c; --soft: #a86b08; --blocked: #2f51ad; }
  body { font-size: 11pt; } main { max-width: none; padding: 0; } section, .tile { break-inside: avoid; } details > * { display: block; }
  rect, i { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
)css";

} // namespace nixie
