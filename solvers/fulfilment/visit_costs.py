"""What visits to stock locations cost, when each order is looked at by itself."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel


class Visits(NamedTuple):
    """Pairs of an order line and a stock location, lines ascending.

    Lines of one order are neighbours.
    """

    order_start: NDArray[np.int64]  # (orders + 1,): first line of each order
    line_start: NDArray[np.int64]  # (lines + 1,): first pair of each line
    turn: NDArray[np.int64]  # (lines,): those of an order, the fewest locations first
    row: NDArray[np.int32]  # (pairs,): row of the distance table, of the stand cell
    stand: NDArray[np.int32]  # (pairs,): cell where a robot stands for it
    round_trip: NDArray[np.int32]  # (pairs,): steps from a dock and back to one


@kernel
def visit_costs(
    distance: NDArray[np.int16], visits: Visits, cost: NDArray[np.int64]
) -> None:
    """Fill in the steps that each visit adds to the tour of its order, about.

    Lines with few locations come first and fix where the order has to go: each costs
    the steps to it from the nearest location chosen so far, the first a round trip.

    Parameters
    ----------
    distance : ndarray of int16, shape (rows, cells)
        Steps from every cell to the goal of each row.
    visits : Visits
    cost : ndarray of int64, shape (pairs,)
    """
    for order in range(len(visits.order_start) - 1):
        first, last = visits.order_start[order], visits.order_start[order + 1]
        anchors = np.empty(last - first, np.int32)
        chosen = 0
        for line in visits.turn[first:last]:
            begin, end = visits.line_start[line], visits.line_start[line + 1]
            if begin == end:
                continue
            nearest = begin
            for pair in range(begin, end):
                steps = np.int64(visits.round_trip[pair])
                if chosen > 0:
                    steps = np.int64(distance[visits.row[pair], anchors[0]])
                for k in range(1, chosen):
                    further = np.int64(distance[visits.row[pair], anchors[k]])
                    steps = min(steps, further)
                cost[pair] = steps
                if steps < cost[nearest]:
                    nearest = pair
            anchors[chosen] = visits.stand[nearest]
            chosen += 1
