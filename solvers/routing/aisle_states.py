"""What the part of a tour left of a cut can look like, and what it can become.

Ratliff and Rosenthal (1983, doi:10.1287/opre.31.3.507) sweep a warehouse from left to
right and note of the tour built so far only what its right part needs to know: at
each crossing of the current aisle whether its degree is zero, odd or even, and which
crossings already hang together. For two cross aisles these are their 7 classes, for
three the 25 of Roodbergen and de Koster (2001, doi:10.1080/00207540110028128). The
classes and what joins them are generated here for any small number of cross aisles
(in the spirit of Cambazard and Catusse, 2018, doi:10.1016/j.ejor.2018.03.020).
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

# Ways to serve the picks of one aisle within one block.
SKIP, FROM_TOP, FROM_BOTTOM, AROUND_GAP, ONCE, TWICE = range(6)
WAYS: Final = 6

# A crossing is untouched, or its degree is odd or even; `(parity, part)`, where part
# numbers the connected parts from 1, in the order of their first crossing.
UNTOUCHED, ODD, EVEN = 0, 1, 2
Crossing = tuple[int, int]
State = tuple[Crossing, ...]

CLOSED: Final[State] = ()
"""The tour is complete: nothing may be added on the right."""


@dataclass(frozen=True, slots=True)
class AisleStates:
    """All states of a sweep and all transitions between them, as index tables.

    Parameters
    ----------
    states : tuple
        States by index; index 0 is the empty one, with no crossing touched.
    at_depot : ndarray of int32, shape (cross aisles, states)
        State once the crossing of the depot's aisle with this cross aisle is made
        part of the tour; -1 where impossible.
    serve : ndarray of int32, shape (moves, 3)
        From state, to state, way; the moves of block b are rows
        ``serve_start[b] : serve_start[b + 1]``.
    serve_start : ndarray of int32, shape (blocks + 1,)
    pass_on : ndarray of int32, shape (moves, 3)
        From state, to state, number of copies of the edge to the next aisle over
        all cross aisles.
    pass_copies : ndarray of int32, shape (moves, cross aisles)
        The same copies by cross aisle.
    is_tour : ndarray of bool, shape (states,)
        Whether the sweep may end here.
    """

    states: tuple[State, ...]
    at_depot: NDArray[np.int32]
    serve: NDArray[np.int32]
    serve_start: NDArray[np.int32]
    pass_on: NDArray[np.int32]
    pass_copies: NDArray[np.int32]
    is_tour: NDArray[np.bool_]


@lru_cache(maxsize=8)
def aisle_states(cross_aisles: int) -> AisleStates:
    """States and transitions for a number of cross aisles.

    The states grow fast: 7 for two cross aisles, 25 for three, then 113, 569.

    Examples
    --------
    >>> len(aisle_states(2).states), len(aisle_states(3).states)
    (7, 25)
    """
    empty: State = ((UNTOUCHED, 0),) * cross_aisles
    index: dict[State, int] = {empty: 0}
    queue = [empty]

    def number(state: State) -> int:
        if state not in index:
            index[state] = len(index)
            queue.append(state)
        return index[state]

    serve: list[tuple[int, int, int, int]] = []
    pass_on: list[tuple[int, int, tuple[int, ...]]] = []
    depot: list[tuple[int, int, int]] = []
    while queue:
        state = queue.pop(0)
        source = index[state]
        for block, way in product(range(cross_aisles - 1), range(WAYS)):
            served = _serve(state, block, way)
            if served is not None:
                serve.append((block, source, number(served), way))
        for copies, passed in _pass_on(state, cross_aisles):
            pass_on.append((source, number(passed), copies))
        for cross in range(cross_aisles):
            if state != CLOSED:
                target = number(_touch(state, cross))
                depot.append((cross, source, target))
    at_depot = np.full((cross_aisles, len(index)), -1, np.int32)
    for cross, source, target in depot:
        at_depot[cross, source] = target
    serve.sort()
    table = np.array(serve, np.int32)
    return AisleStates(
        tuple(index),
        at_depot,
        np.ascontiguousarray(table[:, 1:]),
        np.searchsorted(table[:, 0], np.arange(cross_aisles)).astype(np.int32),
        np.array([(s, t, sum(copies)) for s, t, copies in pass_on], np.int32),
        np.array([c for _, _, c in pass_on], np.int32).reshape(-1, cross_aisles),
        np.array([_is_tour(state) for state in index]),
    )


def _canonical(crossings: list[Crossing]) -> State:
    """Renumber the parts by their first crossing."""
    new_number: dict[int, int] = {0: 0}
    return tuple(
        (parity, new_number.setdefault(part, len(new_number)))
        for parity, part in crossings
    )


def _touch(state: State, cross: int) -> State:
    """Make a crossing part of the tour, as a part of its own if it is untouched."""
    crossings = list(state)
    if crossings[cross][0] == UNTOUCHED:
        crossings[cross] = (EVEN, len(state) + 1 + cross)
    return _canonical(crossings)


def _serve(state: State, block: int, way: int) -> State | None:
    """State after one block of the aisle is served in one way; None if illegal."""
    if way == SKIP:
        return state
    if state == CLOSED:
        return None
    if way in (FROM_TOP, AROUND_GAP):
        state = _touch(state, block)
    if way in (FROM_BOTTOM, AROUND_GAP):
        state = _touch(state, block + 1)
    if way not in (ONCE, TWICE):
        return state
    crossings = list(_touch(_touch(state, block), block + 1))
    kept, merged = crossings[block][1], crossings[block + 1][1]
    crossings = [(p, kept if part == merged else part) for p, part in crossings]
    if way == ONCE:
        for cross in (block, block + 1):
            parity, part = crossings[cross]
            crossings[cross] = (ODD if parity == EVEN else EVEN, part)
    return _canonical(crossings)


def _pass_on(state: State, cross_aisles: int) -> list[tuple[tuple[int, ...], State]]:
    """Copies of the edges to the next aisle, and the state that they lead to.

    Every crossing left behind has even degree, so odd ones send one edge on, even
    ones none or two. No part may be left behind, unless it is the whole tour.
    """
    if state == CLOSED:
        return [((0,) * cross_aisles, CLOSED)]
    choices = {UNTOUCHED: (0,), ODD: (1,), EVEN: (0, 2)}
    parts = {part for _, part in state} - {0}
    found = []
    for copies in product(*(choices[parity] for parity, _ in state)):
        crossings = [
            ((UNTOUCHED, ODD, EVEN)[count], part if count else 0)
            for count, (_, part) in zip(copies, state, strict=True)
        ]
        carried = {part for _, part in crossings} - {0}
        if carried == parts:
            found.append((copies, _canonical(crossings)))
        elif not carried and len(parts) == 1:
            found.append((copies, CLOSED))
    return found


def _is_tour(state: State) -> bool:
    """Whether the whole is connected and every degree is even."""
    if state == CLOSED:
        return True
    parts = {part for _, part in state} - {0}
    return len(parts) == 1 and all(parity != ODD for parity, _ in state)
