"""What lines are worth: those that few pods have, have waited, or are due soon."""

import numpy as np

from solvers.kernel import lean_kernel
from solvers.pods.arrays import (
    ENDED,
    NOW,
    WAITED,
    Site,
)

KEPT = 255.0 / 256.0
"""Weight of earlier waits of lines when one more has ended."""
DUE_WITHIN_S = 600.0
"""Seconds before an order is due from which on it counts more."""
MOST_AGE = 4.0
"""Usual waits after which a line counts no more than before."""


@lean_kernel
def price(site: Site, sku: int) -> float:
    """Units that it costs when an open order lacks a line: more where few pods have it.

    An order that lacks what is on many pods closes soon, as some pod comes by anyway.
    In 64ths, so that sums of prices do not depend on their order.
    """
    return np.floor(64.0 * site.rules.rare_worth / max(1, site.skus.pods[sku])) / 64.0


@lean_kernel
def note_wait(site: Site, line: int, now_s: float) -> None:
    """Remember how long the order of a line was known until the line was picked."""
    waits = site.waits
    waited_s = now_s - site.orders.known_s[site.lines.order[line]]
    waits[WAITED] = KEPT * waits[WAITED] + waited_s
    waits[ENDED] = KEPT * waits[ENDED] + 1.0


@lean_kernel
def _due_worth(site: Site, order: int) -> float:
    """Units that a unit of an order counts more as it is due soon.

    Nothing is gained by hurrying with an order that is late already.
    """
    left_s = site.orders.due_s[order] - site.waits[NOW]
    if left_s < 0.0 or left_s >= DUE_WITHIN_S:
        return 0.0
    return site.rules.due_worth * (1.0 - left_s / DUE_WITHIN_S)


@lean_kernel
def extra_worth(site: Site, line: int) -> float:
    """Units that a unit of a line counts more: few pods have it, it has waited, is due.

    What waits for long is what no pod serves well. Left where it is it fills the places
    of orders that pods could choose from. In 64ths, as prices are.
    """
    rules, waits = site.rules, site.waits
    order = site.lines.order[line]
    worth = rules.scarce_worth / max(1, site.skus.pods[site.lines.sku[line]])
    worth += _due_worth(site, order)
    age_s = waits[NOW] - site.orders.known_s[order]
    if waits[WAITED] > 0.0:
        worth += rules.age_worth * min(MOST_AGE, age_s * waits[ENDED] / waits[WAITED])
    return np.floor(64.0 * worth) / 64.0
