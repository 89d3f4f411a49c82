"""Slow, obvious versions of what lifelong path finding is made of."""

from collections import deque


def errand_faults(cells, goals, events):
    """What is wrong with goals that were dealt out in turn; empty when nothing is."""
    robots = cells.shape[1]
    told = {(int(t), int(robot)): int(task) for t, robot, task, _ in events}
    faults = [] if len(told) == len(events) else ["an event twice"]
    for robot in range(robots):
        line = robot
        for t in range(1, len(cells)):
            if cells[t, robot] == goals[line % len(goals)]:
                if told.pop((t, robot), None) != line:
                    faults.append(f"robot {robot} at {t}: not told of task {line}")
                line += robots
    return faults + [f"never reached: {event}" for event in told]


def lane_directions(free):
    """Direction of each cell of a row, 1 or -1, row by row; 0 on walls."""
    rows, cols = len(free), len(free[0])
    run_of, runs = {}, []
    for row in range(rows):
        for col in range(cols):
            if not free[row][col]:
                continue
            if col == 0 or not free[row][col - 1]:
                runs.append([])
            runs[-1].append((row, col))
            run_of[row, col] = len(runs) - 1
    way = []
    for run in runs:
        vote = 0.0
        for row, col in run:
            above = [
                (r, run_of[r, col])
                for r in range(row)
                if (r, col) in run_of and 2 * len(runs[run_of[r, col]]) >= len(run)
            ]
            if above:
                r, other = above[-1]
                vote += way[other] / (row - r)
        way.append(-1 if vote > 0 else 1)
    return [
        [way[run_of[r, c]] if (r, c) in run_of else 0 for c in range(cols)]
        for r in range(rows)
    ]


def turns_taken(robots, active, finished):
    """Sets of robots that are on their way after each robot that finished."""
    going, waiting = set(range(active)), deque(range(active, robots))
    taken = []
    for robot in finished:
        if robot in going and waiting:
            going.remove(robot)
            waiting.append(robot)
            going.add(waiting.popleft())
        taken.append(set(going))
    return taken


def pibt_targets(ways, position, order):
    """Next vertices by PIBT as written in the paper, without swaps.

    ``ways[robot]`` lists the vertices it may go to, best first.
    """
    here = {vertex: robot for robot, vertex in position.items()}
    target = {}

    def push(robot):
        for vertex in ways[robot]:
            if vertex in target.values():
                continue
            other = here.get(vertex)
            if other is not None and target.get(other) == position[robot]:
                continue
            target[robot] = vertex
            if other in (None, robot) or other in target or push(other):
                return True
        target[robot] = position[robot]
        return False

    for robot in order:
        if robot not in target:
            push(robot)
    return target


def cost_saved(path, start, goals, distance, wait):
    """What robots have come nearer to their goals, less time lost after them.

    ``path[t][robot]`` is a vertex, ``goals`` maps robots to theirs, ``distance(robot,
    vertex)`` is the way that is left. Who is there early may begin the next way.
    """
    saved = 0.0
    for robot, goal in goals.items():
        visited = [vertices[robot] for vertices in path]
        saved += distance(robot, start[robot])
        if goal in visited:
            saved += 0.3 * wait * (len(path) - 1 - visited.index(goal))
        else:
            saved -= distance(robot, visited[-1])
    return saved


def dead_ends(ways):
    """Vertices of dead ends; ``ways[v]`` is the set of vertices that v leads to."""
    left = {v: set(after) for v, after in ways.items()}
    while True:
        ends = {v for v, after in left.items() if len(after) <= 1}
        if not ends:
            return set(ways) - set(left)
        left = {v: after - ends for v, after in left.items() if v not in ends}


def naive_depths(ways, inside):
    """Steps from each vertex of a dead end to the floor outside; 0 where none leads."""
    depths = []
    for vertex in range(len(ways)):
        steps, reached = 0, {vertex}
        while reached and reached <= set(inside):
            steps += 1
            more = set().union(*(ways[v] for v in reached)) - set(inside)
            grown = reached.union(*(ways[v] for v in reached))
            if more:
                break
            if grown == reached:
                steps = 0
                break
            reached = grown
        depths.append(steps)
    return depths


def turning_ways(successors, state):
    """States that a turning robot can be in a step later."""
    vertex, heading = divmod(state, 4)
    states = [state, 4 * vertex + (heading + 1) % 4, 4 * vertex + (heading - 1) % 4]
    ahead = int(successors[vertex, heading])
    return states if ahead < 0 else [*states, 4 * ahead + heading]


def turning_step_cost(successors, distances, before, after, others, t, meet):
    """What a step from t on loses, and what the robots it meets cost.

    ``others`` are lists of states.
    """
    cost = 4 + int(distances[after]) - int(distances[before])
    for plan in others:
        cost += meet * (plan[t + 1] // 4 == after // 4)
        swaps = plan[t] // 4 == after // 4 and plan[t + 1] // 4 == before // 4
        cost += meet * (swaps and before // 4 != after // 4)
    return cost


def operation_clashes(first, second):
    """Whether two operations clash; vertices from before the first action on."""
    steps = range(1, len(first))
    return any(
        first[t] == second[t]
        or (first[t] == second[t - 1] and first[t - 1] == second[t] != first[t])
        for t in steps
    )
