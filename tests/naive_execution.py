"""Following a plan, told with a queue of robots in front of every cell.

Each cell has the list of its visitors, in the plan's order. The first of them is on the
cell or the next to come. Nothing here knows an action graph or a ring.
"""

from collections import deque
from itertools import pairwise


def actions_of(cells, headings=None, works=None):
    """For each robot its (kind, planned step, cell after, heading after)."""
    steps, robots = len(cells) - 1, len(cells[0])
    result = []
    for r in range(robots):
        mine = []
        for t in range(steps):
            heading = None if headings is None else int(headings[t + 1][r])
            if cells[t][r] != cells[t + 1][r]:
                kind = "drive"
            elif works is not None and works[t][r]:
                kind = "work"
            elif headings is not None and headings[t][r] != headings[t + 1][r]:
                kind = "turn"
            else:
                continue
            mine.append((kind, t, int(cells[t + 1][r]), heading))
        result.append(mine)
    return result


def in_a_ring(cells, t, robot):
    """Whether in step t robots enter each other's cells all the way round."""
    at = {int(cell): r for r, cell in enumerate(cells[t])}
    other = at.get(int(cells[t + 1][robot]))
    for _ in at:
        if other is None or cells[t][other] == cells[t + 1][other]:
            return False
        if other == robot:
            return True
        other = at.get(int(cells[t + 1][other]))
    return False


def visitors_of(cells):
    """Robots that come to each cell, in the order of the plan."""
    queues = {}
    for r, cell in enumerate(cells[0]):
        queues.setdefault(int(cell), deque()).append(r)
    for before, after in pairwise(cells):
        for r, (a, b) in enumerate(zip(before, after, strict=True)):
            if a != b:
                queues.setdefault(int(b), deque()).append(r)
    return queues


def follow(cells, late, ticks_per_step=1, headings=None, works=None, keeps_times=True):
    """Tick at which each robot's actions are over; ``late`` is a row for each tick."""
    robots = len(cells[0])
    todo = actions_of(cells, headings, works)
    queues = visitors_of(cells)
    at = [int(c) for c in cells[0]]
    left = [deque(mine) for mine in todo]
    ticks_in = [0] * robots
    over = [[] for _ in range(robots)]
    ready = set()

    def may_go(r, going):
        kind, _, cell, _ = left[r][0]
        if kind != "drive":
            return True
        front = queues[cell][0]
        if front == r:
            return True
        # Somebody is on the cell: this robot is next, and that one is on its way out.
        if at[front] != cell or queues[cell][1] != r or not left[front]:
            return False
        if left[front][0][0] != "drive":
            return False
        ahead = ticks_in[front] - ticks_in[r]
        return ahead > 0 or (ahead == 0 and front in going)

    for now, row in enumerate(late):
        going = set()
        for r in range(robots):
            if not left[r]:
                continue
            kind, planned, _, _ = left[r][0]
            waits = keeps_times or kind == "work"
            if waits and planned * ticks_per_step > now:
                continue
            if not row[r] and kind == "drive" and in_a_ring(cells, planned, r):
                ready.add(r)
            if not row[r] or r in ready:
                going.add(r)
        while True:
            held = {r for r in going if not may_go(r, going)}
            if not held:
                break
            going -= held
        arrive = []
        for r in going:
            ready.discard(r)
            ticks_in[r] += 1
            if ticks_in[r] == ticks_per_step:
                ticks_in[r] = 0
                kind, _, cell, _ = left[r].popleft()
                over[r].append(now + 1)
                if kind == "drive":
                    arrive.append((r, cell))
        for r, cell in arrive:
            assert queues[at[r]].popleft() == r
            at[r] = cell
    return over
