"""The look of the report: light or dark as the reader's system asks, and paper."""

from typing import Final

from viz.palette import (
    DARK,
    GREEN,
    LIGHT,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    YELLOW,
    Palette,
    hex_colour,
)


def _ramp(palette: Palette) -> str:
    """Colours of heat, from little to much."""
    return ", ".join(map(hex_colour, palette.heat))


STYLE: Final = f"""
:root {{
  color-scheme: light dark;
  --page: #f4f6f9; --card: #ffffff; --edge: #dde3eb; --text: #18202b;
  --muted: #56637a; --accent: #0072b2; --track: #e6ebf2;
  --empty: {hex_colour(SKY)}; --carrying: {hex_colour(ORANGE)};
  --serving: {hex_colour(GREEN)}; --waiting: {hex_colour(VERMILION)};
  --idle: #a9b4c4; --station: {hex_colour(PURPLE)};
  --charging: {hex_colour(YELLOW)}; --heat: {_ramp(LIGHT)};
}}
@media (prefers-color-scheme: dark) {{
  :root {{
    --page: #0d1117; --card: #161d27; --edge: #2a3443; --text: #e9eef5;
    --muted: #9eabbe; --accent: {hex_colour(SKY)}; --track: #263040;
    --idle: #5c6878; --heat: {_ramp(DARK)};
  }}
}}
* {{ box-sizing: border-box; }}
body {{
  margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}}
main {{ max-width: 1040px; margin: 0 auto; padding: 40px 20px 64px; }}
h1 {{ margin: 0; font-size: 30px; line-height: 1.2; overflow-wrap: anywhere; }}
h2 {{ margin: 0 0 4px; font-size: 18px; }}
h3 {{ margin: 24px 0 4px; font-size: 15px; }}
p {{ margin: 0 0 12px; max-width: 72ch; }}
.below {{ margin: 14px 0 0; }}
.muted {{ color: var(--muted); }}
.facts {{ margin: 6px 0 24px; max-width: none; color: var(--muted); }}
section {{
  margin: 16px 0; padding: 20px 24px; background: var(--card);
  border: 1px solid var(--edge); border-radius: 12px;
}}
.cards {{ display: grid; gap: 12px;
  grid-template-columns: repeat(auto-fit, minmax(max(148px, 22%), 1fr)); }}
.card {{ padding: 14px 16px; background: var(--card);
  border: 1px solid var(--edge); border-radius: 12px; }}
.card b {{ display: block; font-size: 25px; line-height: 1.25;
  font-variant-numeric: tabular-nums; }}
.card span {{ display: block; font-size: 12px; letter-spacing: .04em;
  text-transform: uppercase; color: var(--muted); }}
.card small {{ color: var(--muted); }}
.card.lead b {{ color: var(--accent); }}
svg {{ display: block; width: 100%; height: auto; margin-top: 8px; }}
svg text {{ fill: var(--muted); font-size: 12px; font-family: inherit; }}
.mark {{ stroke: var(--edge); stroke-width: 1; }}
.area {{ fill: var(--accent); opacity: .14; }}
.curve {{ fill: none; stroke: var(--accent); stroke-width: 2; }}
.pace {{ stroke: var(--muted); stroke-width: 1.5; stroke-dasharray: 5 4; }}
.lowest, .highest {{ fill: none; stroke: var(--waiting); stroke-width: 2; }}
.highest {{ stroke: var(--serving); }}
.least {{ stroke: var(--muted); stroke-width: 1.5; stroke-dasharray: 5 4; }}
.work {{ fill: var(--station); background: var(--station); }}
.late-work {{ fill: var(--waiting); background: var(--waiting); }}
.departure {{ stroke: var(--text); stroke-width: 1.2; stroke-dasharray: 4 3; }}
.pace-bar {{ fill: var(--accent); opacity: .75; }}
.picking {{ fill: var(--serving); background: var(--serving); }}
.handing {{ fill: var(--station); background: var(--station); }}
.mean {{ background: var(--accent); }}
.reserve {{ background: var(--muted); }}
.empty {{ fill: var(--empty); background: var(--empty); }}
.carrying {{ fill: var(--carrying); background: var(--carrying); }}
.serving {{ fill: var(--serving); background: var(--serving); }}
.waiting {{ fill: var(--waiting); background: var(--waiting); }}
.idle {{ fill: var(--idle); background: var(--idle); }}
.charging {{ fill: var(--charging); background: var(--charging); }}
.key {{ display: flex; flex-wrap: wrap; gap: 6px 18px; margin: 10px 0 0; padding: 0;
  list-style: none; font-size: 13px; color: var(--muted); }}
.key i {{ display: inline-block; width: 11px; height: 11px; margin-right: 6px;
  border-radius: 3px; }}
.parts {{ display: grid; grid-template-columns: max-content 1fr max-content;
  gap: 6px 14px; align-items: center; margin-top: 8px; }}
.part {{ display: contents; }}
.part div {{ height: 12px; background: var(--track); border-radius: 6px; }}
.part i {{ display: block; height: 12px; background: var(--muted);
  border-radius: 6px; }}
.part.binds i {{ background: var(--accent); }}
.maps {{ display: grid; gap: 20px;
  grid-template-columns: repeat(auto-fit, minmax(260px, 1fr)); }}
.wide-maps {{ grid-template-columns: 1fr; }}
figure {{ margin: 8px 0 0; break-inside: avoid; }}
figcaption {{ font-weight: 600; font-size: 14px; }}
.heat {{ display: block; width: 100%; margin-top: 6px; image-rendering: pixelated; }}
.scale {{ display: flex; align-items: center; gap: 10px; margin-top: 8px;
  font-size: 13px; color: var(--muted); }}
.scale i {{ width: 120px; height: 10px; border-radius: 5px;
  background: linear-gradient(90deg, var(--heat)); }}
.wide {{ overflow-x: auto; }}
.wide > * {{ min-width: 600px; }}
table {{ width: 100%; border-collapse: collapse; margin-top: 8px; font-size: 14px;
  font-variant-numeric: tabular-nums; }}
th, td {{ padding: 5px 12px 5px 0; text-align: left; overflow-wrap: anywhere;
  border-bottom: 1px solid var(--edge); }}
th {{ font-weight: 600; color: var(--muted); font-size: 13px; }}
.number {{ text-align: right; }}
code {{ padding: 2px 6px; background: var(--track); border-radius: 5px;
  font: 13px/1.6 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }}
@media (max-width: 600px) {{
  main {{ padding: 20px 12px 40px; }}
  section {{ padding: 16px 14px; }}
  .part {{ display: grid; grid-column: 1 / -1; gap: 2px 8px;
    grid-template-areas: "name remark" "bar bar"; }}
  .part div {{ grid-area: bar; }}
  .part span:last-child {{ text-align: right; }}
}}
@media print {{
  :root {{ --page: #fff; --card: #fff; --text: #000; --muted: #444; --edge: #ccc;
    --track: #e6e6e6; --accent: #0072b2; --heat: {_ramp(LIGHT)}; }}
  * {{ print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
  body {{ font-size: 11pt; }}
  main {{ max-width: none; padding: 0 1px; }}
  .wide > * {{ min-width: 0; }}
  section, .card {{ break-inside: avoid; border-radius: 0; }}
  section.long {{ break-inside: auto; }}
  tr {{ break-inside: avoid; }}
  h2, h3, p.muted {{ break-after: avoid; }}
}}
"""
