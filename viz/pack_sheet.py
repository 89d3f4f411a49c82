"""Sheets for a packing station: what goes into which carton, where, in what order.

A page that needs no network and no script, for screens and for paper, also in black
and white: what a box is, its number says too.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np

from viz.carton_colours import sku_colours
from viz.carton_svg import carton_svg
from viz.carton_view import FilledCarton
from viz.carton_words import place_words, turn_words
from viz.clock import count
from viz.page import html_page
from viz.palette import Colour, hex_colour

_CM: Final = 100.0
_STYLE: Final = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #eef1f5; color: #18202b;
  font: 14px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 900px; margin: 0 auto; padding: 28px 16px 48px; }
h1 { margin: 0 0 4px; font-size: 24px; overflow-wrap: anywhere; }
h2 { margin: 0; font-size: 20px; overflow-wrap: anywhere; }
h3 { margin: 0 0 6px; font-size: 15px; }
.facts { margin: 0 0 18px; color: #56637a; }
article { margin: 0 0 16px; padding: 18px 22px; background: #fff;
  border: 1px solid #cfd6e0; border-radius: 10px; }
.head { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 18px;
  padding-bottom: 8px; border-bottom: 2px solid #18202b; }
.head span { color: #3d4859; }
.pick { margin: 8px 0 0; }
.left { margin: 8px 0 0; font-weight: 600; }
.box { display: grid; grid-template-columns: 300px 1fr; gap: 6px 20px;
  align-items: start; margin-top: 14px; break-inside: avoid; }
.box.long { break-inside: auto; }
svg { display: block; width: 100%; height: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 10px 4px 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid #dde3eb; overflow-wrap: anywhere; }
th { font-size: 12px; color: #56637a; }
th:first-child, td.sku, td.size { white-space: nowrap; }
td:first-child { font-weight: 700; }
td.done { width: 22px; padding: 4px 0; }
td.done i { display: block; width: 14px; height: 14px; margin-top: 3px;
  border: 1.2px solid #56637a; border-radius: 3px; }
tr { break-inside: avoid; }
.chip { display: inline-block; width: 11px; height: 11px; margin-right: 6px;
  border: 1px solid #18202b; border-radius: 2px; }
@media (max-width: 640px) { .box { grid-template-columns: 1fr; } }
@media print {
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { background: #fff; font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  article { margin: 0 0 10mm; padding: 0; border: 0; border-radius: 0;
    break-inside: avoid; }
  .box { grid-template-columns: 36% 1fr; }
}
"""


@dataclass(frozen=True, slots=True)
class SheetOrder:
    """An order as its packer sees it.

    Parameters
    ----------
    name : str
    cartons : tuple of FilledCarton
        In metres.
    remark : str
        When, for whom; may be blank.
    left_out : tuple of str
        What goes into no carton.
    """

    name: str
    cartons: tuple[FilledCarton, ...]
    remark: str = ""
    left_out: tuple[str, ...] = ()


def sheet_html(title: str, orders: Sequence[SheetOrder], remark: str = "") -> str:
    """Return the sheet of some orders; printed, none is torn where a page has room.

    Parameters
    ----------
    title : str
    orders : sequence of SheetOrder
        In the order in which they are packed.
    remark : str

    Examples
    --------
    >>> "2 orders" in sheet_html("P1", [SheetOrder("A", ()), SheetOrder("B", ())])
    True
    """
    cartons = sum(len(order.cartons) for order in orders)
    units = sum(len(carton) for order in orders for carton in order.cartons)
    facts = [count(len(orders), "order"), count(cartons, "carton")]
    facts += [count(units, "unit"), *([escape(remark)] if remark else [])]
    head = f'<h1>{escape(title)}</h1>\n<p class="facts">{" · ".join(facts)}</p>\n'
    body = head + "\n".join(_order(order) for order in orders)
    return html_page(f"{title} - pick and pack", _STYLE, body)


def _order(order: SheetOrder) -> str:
    skus = [sku for carton in order.cartons for sku in carton.skus]
    colours = sku_colours(skus)
    picked = ", ".join(f"{n} x {escape(sku)}" for sku, n in Counter(skus).items())
    parts = [
        f'<div class="head"><h2>Order {escape(order.name)}</h2>'
        f"<span>{escape(order.remark)}</span></div>"
    ]
    if picked:
        parts.append(f'<p class="pick"><b>Pick</b> {picked}</p>')
    if order.left_out:
        words = ", ".join(map(escape, order.left_out))
        parts.append(f'<p class="left">In no carton: {words}</p>')
    several = len(order.cartons) > 1
    for number, carton in enumerate(order.cartons, start=1):
        which = f" ({number} of {len(order.cartons)})" if several else ""
        parts.append(_carton(carton, which, colours))
    return f"<article>{''.join(parts)}</article>"


def _carton(carton: FilledCarton, which: str, colours: dict[str, Colour]) -> str:
    filled = float(carton.box_size.prod(axis=1).sum() / carton.size.prod())
    head = (
        f"<h3>Carton {escape(carton.name)}{which}: {_centimetres(carton.size)}, "
        f"{filled:.0%} filled</h3>"
    )
    rows = "".join(_step(carton, box, colours) for box in range(len(carton)))
    long = " long" if len(carton) > 18 else ""
    return (
        f'<div class="box{long}"><div>{head}{carton_svg(carton, colours)}</div>'
        "<table><thead><tr><th>step</th><th>SKU</th><th>where, seen from the front</th>"
        "<th>how</th><th>as it lies</th><th></th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _step(carton: FilledCarton, box: int, colours: dict[str, Colour]) -> str:
    sku = carton.skus[box]
    chip = f'<i class="chip" style="background:{hex_colour(colours[sku])}"></i>'
    return (
        f'<tr><td>{box + 1}</td><td class="sku">{chip}{escape(sku)}</td>'
        f"<td>{place_words(carton, box)}</td><td>{turn_words(carton, box)}</td>"
        f'<td class="size">{_centimetres(carton.box_size[box])}</td>'
        '<td class="done"><i></i></td></tr>'
    )


def _centimetres(size: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    """Length, width and height in centimetres, as labels of cartons say them."""
    return " x ".join(f"{_CM * edge:.3g}" for edge in size.tolist()) + " cm"
