"""Shortest paths of one robot under bans, layer by layer of time, as numba kernels.

The low level of `conflict_based_search`. A state is a vertex, or four times the vertex
plus the heading for robots that turn. All paths of one cost are a multi-valued decision
diagram (Sharon, Stern, Goldenberg, Felner 2013, doi:10.1016/j.artint.2012.11.006),
of which one with few conflicts is taken.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.mapf.one_shot.states import move

NOWHEN = 1 << 20
AT_ALL = 16
"""Bit of `Layers.banned` that bans a vertex; bit d bans leaving it in direction d."""


class Layers(NamedTuple):
    """Room for one search; layer t holds the states that may be useful at t."""

    banned: NDArray[np.int8]  # (timesteps, vertices): bits, at the end of a step
    banned_from: NDArray[np.int32]  # (vertices,): from when on for ever
    slot: NDArray[np.int32]  # (timesteps, states): label, if that is of the state
    first: NDArray[np.int32]  # (timesteps + 1,): first label of each layer
    state: NDArray[np.int32]  # (labels,)
    parent: NDArray[np.int32]  # (labels,): label one step before
    met: NDArray[np.int32]  # (labels,): conflicts on the way
    useful: NDArray[np.bool_]  # (labels,): whether it leads to the goal in time


def make_layers(vertices: int, shift: int, timesteps: int) -> Layers:
    """Room for paths of fewer than so many timesteps.

    Examples
    --------
    >>> make_layers(vertices=3, shift=2, timesteps=4).slot.shape
    (4, 12)
    """
    states = vertices << shift
    labels = timesteps * states
    return Layers(
        banned=np.zeros((timesteps, vertices), np.int8),
        banned_from=np.full(vertices, NOWHEN, np.int32),
        slot=np.zeros((timesteps, states), np.int32),
        first=np.zeros(timesteps + 1, np.int32),
        state=np.zeros(labels, np.int32),
        parent=np.zeros(labels, np.int32),
        met=np.zeros(labels, np.int32),
        useful=np.zeros(labels, np.bool_),
    )


@lean_kernel
def _met_by(at, robot, before, after, t):  # type: ignore[no-untyped-def]
    """How many others a step ends on, or meets head on; ``at`` is robots by time."""
    met = 0
    for other in range(len(at)):
        if other != robot:
            there = at[other, t]
            swaps = there == before and at[other, t - 1] == after and before != after
            met += there == after or swaps
    return met


@lean_kernel
def _next_label(layers, successors, shift, label, t, k):  # type: ignore[no-untyped-def]
    """State after an action, its vertex, and its label in the next layer, or -1.

    The state is -1 where there is no such action, or it is banned.
    """
    state = np.int64(layers.state[label])
    after, d = move(successors, shift, state, k)
    before, vertex = state >> shift, after >> shift
    if after < 0 or layers.banned_from[vertex] <= t + 1:
        return np.int64(-1), vertex, np.int64(-1)
    bits = np.int64(layers.banned[t + 1, vertex]) & AT_ALL
    if d < 4:
        bits |= np.int64(layers.banned[t + 1, before]) >> d & 1
    if bits > 0:
        return np.int64(-1), vertex, np.int64(-1)
    known = np.int64(layers.slot[t + 1, after])
    used = known >= layers.first[t + 1] and known < layers.first[t + 2]
    if used and layers.state[known] == after:
        return after, vertex, known
    return after, vertex, np.int64(-1)


@lean_kernel
def find_layers(layers, successors, shift, to_goal, start, at, robot, cost):  # type: ignore[no-untyped-def]
    """Lay out all paths of one cost; the last label of one with few conflicts, or -1.

    Parameters
    ----------
    layers : Layers
        With the bans entered.
    successors : ndarray of int32, shape (vertices, 4)
    shift : int
        Bits of a state that say the heading.
    to_goal : ndarray of int16, shape (states,)
    start : int
        State.
    at : ndarray of int32, shape (robots, timesteps)
        Vertices of all robots.
    robot : int
        Whose path to find.
    cost : int
        Timestep of the arrival.
    """
    if to_goal[start] > cost:
        return np.int64(-1)
    first = layers.first
    first[0], first[1] = 0, 1
    layers.state[0] = start
    layers.parent[0] = -1
    layers.met[0] = 0
    for t in range(cost):
        end = np.int64(first[t + 1])
        first[t + 2] = end
        for label in range(first[t], first[t + 1]):
            before = np.int64(layers.state[label]) >> shift
            for k in range(5):
                after, vertex, known = _next_label(
                    layers, successors, shift, label, t, k
                )
                if after < 0 or t + 1 + to_goal[after] > cost:
                    continue
                met = layers.met[label] + _met_by(at, robot, before, vertex, t + 1)
                if known < 0:
                    known = end
                    end += 1
                    first[t + 2] = end
                    layers.slot[t + 1, after] = known
                    layers.state[known] = after
                elif layers.met[known] <= met:
                    continue
                layers.met[known] = met
                layers.parent[known] = label
    best = np.int64(-1)
    for label in range(first[cost], first[cost + 1]):
        if best < 0 or layers.met[label] < layers.met[best]:
            best = np.int64(label)
    return best


@lean_kernel
def first_arrival(layers, shift, goal, earliest, latest):  # type: ignore[no-untyped-def]
    """First timestep of two at which the goal is in its layer; one more if none."""
    for t in range(earliest, latest + 1):
        for label in range(layers.first[t], layers.first[t + 1]):
            if layers.state[label] >> shift == goal:
                return np.int64(t)
    return latest + 1


@lean_kernel
def write_banned_path(layers, successors, shift, label, cost, path):  # type: ignore[no-untyped-def]
    """Write a path of `find_layers`: twice the state, plus 1 where all paths are.

    Parameters
    ----------
    path : ndarray of int32, shape (timesteps,)
        Beyond the arrival the robot stays at the goal, which all paths do.
    """
    first = layers.first
    for t in range(cost, len(path)):
        path[t] = layers.state[label] * 2 + 1
    for k in range(first[cost], first[cost + 1]):
        layers.useful[k] = True
    one = np.int64(label)
    for back in range(cost):
        t = cost - 1 - back
        one = np.int64(layers.parent[one])
        here = np.int64(layers.state[one]) >> shift
        alone = 1
        for k in range(first[t], first[t + 1]):
            layers.useful[k] = False
            for action in range(5):
                _, _, known = _next_label(layers, successors, shift, k, t, action)
                if known >= 0 and layers.useful[known]:
                    layers.useful[k] = True
            if layers.useful[k] and np.int64(layers.state[k]) >> shift != here:
                alone = 0
        path[t] = layers.state[one] * 2 + alone
