"""States of a robot: its vertex, or four times the vertex plus the heading, and moves.

``shift`` is the number of bits that say the heading: 0, or 2 for robots that turn.
"""

import numpy as np

from solvers.kernel import lean_kernel


@lean_kernel
def move(successors, shift, state, k):  # type: ignore[no-untyped-def]
    """Return the state after an action and its direction.

    Parameters
    ----------
    successors : ndarray of int32, shape (vertices, 4)
    shift, state : int
    k : int
        From 0 to 3, the direction; or 0 forward, 1 left, 2 right for robots that turn.
        4 is a wait.

    Returns
    -------
    after, d : int
        -1 where there is no such action; the direction moved in, 4 for none.

    Examples
    --------
    >>> move(np.array([[-1, -1, -1, -1]], np.int32), 2, 1, 2)
    (2, 4)
    """
    if k == 4:
        return state, np.int64(4)
    if shift == 0:
        return np.int64(successors[state, k]), k
    vertex, heading = state >> 2, state & 3
    if k == 0:
        after = np.int64(successors[vertex, heading])
        return (after * 4 + heading if after >= 0 else after), heading
    if k == 3:  # turning by half takes two steps
        return np.int64(-1), np.int64(4)
    return vertex * 4 + ((heading + 2 * k - 3) & 3), np.int64(4)
