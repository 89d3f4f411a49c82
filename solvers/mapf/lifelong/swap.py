"""Swaps in lifelong PIBT: two robots that can only pass each other at a junction.

Okumura (2023), LaCAM*, arXiv:2305.03632. What we changed: ways are compared with the
costs of lanes, and one time in four a robot pushes where it could swap, so that two
never back away from each other for ever.
"""

from solvers.kernel import lean_kernel
from solvers.mapf.moves import leads

NOBODY = -1
NO_GOAL = -1


@lean_kernel
def _next_in_corridor(successors, ahead, behind):  # type: ignore[no-untyped-def]
    """Count the ways on from ``ahead`` but back, and one of them."""
    ways = 0
    onward = -1
    for d in range(4):
        vertex = successors[ahead, d]
        if vertex >= 0 and vertex != behind:
            ways += 1
            onward = vertex
    return ways, onward


@lean_kernel
def _swap_is_required(  # type: ignore[no-untyped-def]
    successors, distances, pusher_row, puller_row, behind, ahead
):
    """Whether the pusher can only pass by exchanging places with the puller."""
    if pusher_row == NO_GOAL or puller_row == NO_GOAL:
        return False
    to_push = distances[pusher_row]
    to_pull = distances[puller_row]
    origin = behind
    while to_push[ahead] < to_push[behind]:
        ways, onward = _next_in_corridor(successors, ahead, behind)
        if ways >= 2:
            return False
        if ways == 0:
            return to_pull[behind] < to_pull[ahead]
        behind, ahead = ahead, onward
        if ahead == origin:
            return False
    return False


@lean_kernel
def _swap_is_possible(successors, behind, ahead):  # type: ignore[no-untyped-def]
    """Whether walking on from ``ahead`` comes to a junction where two can pass."""
    origin = behind
    while ahead != origin:
        ways, onward = _next_in_corridor(successors, ahead, behind)
        if ways >= 2:
            return True
        if ways == 0:
            return False
        behind, ahead = ahead, onward
    return False


@lean_kernel
def swap_partner(  # type: ignore[no-untyped-def]
    successors, distances, here, row, target, robot, vertex, wanted
):
    """Return the robot that ``robot`` has to exchange places with, or `NOBODY`.

    Parameters
    ----------
    here : ndarray of int32, shape (vertices,)
        Robot on each vertex.
    row, target : ndarray of int32, shape (robots,)
        Row of the distances for each robot's goal; next vertex, or -1.
    vertex, wanted : int
        Where the robot is, and where it would go first.
    """
    if wanted == vertex:
        return NOBODY
    other = here[wanted]
    if (
        other != NOBODY
        and target[other] < 0
        and leads(successors, wanted, vertex)
        and _swap_is_required(
            successors, distances, row[robot], row[other], vertex, wanted
        )
        and _swap_is_possible(successors, wanted, vertex)
    ):
        return other
    # Someone behind may need this robot to go on and make room ("clear").
    for d in range(4):
        near = successors[vertex, d]
        if near < 0 or near == wanted:
            continue
        other = here[near]
        if (
            other != NOBODY
            and leads(successors, near, vertex)
            and _swap_is_required(
                successors, distances, row[other], row[robot], vertex, wanted
            )
            and _swap_is_possible(successors, wanted, vertex)
        ):
            return other
    return NOBODY
