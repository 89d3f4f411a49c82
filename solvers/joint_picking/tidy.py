"""Shorter walks of single pick lists: 2-opt and Or-opt until neither helps."""

from typing import Final

import numpy as np

from solvers.joint_picking.pick_lists import (
    AFTER,
    BEFORE,
    FIRST,
    POSITION,
    Book,
    Lists,
    put,
    reverse,
    take,
)
from solvers.joint_picking.site import Site, distance
from solvers.kernel import lean_kernel

REACH: Final = 60
"""So many items ahead are looked at, on pick lists longer than that."""
MOST_MOVES: Final = 60
"""Moves for one pick list at a time."""


@lean_kernel
def tidy(site: Site, lists: Lists, book: Book, at: int) -> None:
    """Improve the walk of a pick list by 2-opt and Or-opt, at most `MOST_MOVES`."""
    moves = 0
    while moves < MOST_MOVES and (
        _two_opt(site, lists, book, at) or _or_opt(site, lists, book, at)
    ):
        moves += 1


@lean_kernel
def _two_opt(site, lists, book, at):  # type: ignore[no-untyped-def]
    """Reverse the first stretch that is shorter the other way round."""
    ground, conveyor, links = site.ground, len(site.item), lists.item
    start = lists.pick_list[at, FIRST]
    while start != conveyor:
        behind = links[start, BEFORE]
        behind_start = distance(ground, behind, start)
        end = links[start, AFTER]
        for _ in range(REACH):
            if end == conveyor:
                break
            ahead = links[end, AFTER]
            saved = behind_start + distance(ground, end, ahead)
            saved -= distance(ground, behind, end) + distance(ground, start, ahead)
            if saved > 0:
                reverse(ground, lists, book, start, end)
                return True
            end = ahead
        start = links[start, AFTER]
    return False


@lean_kernel
def _or_opt(site, lists, book, at):  # type: ignore[no-untyped-def]
    """Move the first item that is better elsewhere on its pick list."""
    ground, conveyor, links = site.ground, np.int64(len(site.item)), lists.item
    item = np.int64(lists.pick_list[at, FIRST])
    while item != conveyor:
        behind, ahead = np.int64(links[item, BEFORE]), np.int64(links[item, AFTER])
        saved = distance(ground, behind, item) + distance(ground, item, ahead)
        saved -= distance(ground, behind, ahead)
        one, two = conveyor, np.int64(lists.pick_list[at, FIRST])
        while saved > 0:
            if two == item:
                two = ahead
            detour = distance(ground, one, item) + distance(ground, item, two)
            if one != behind and detour - distance(ground, one, two) < saved:
                position = links[item, POSITION]
                take(site, lists, book, item)
                put(site, lists, book, item, position, at, one)
                return True
            if two == conveyor:
                break
            one, two = two, np.int64(links[two, AFTER])
        item = ahead
    return False
