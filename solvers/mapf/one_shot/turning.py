"""Turning robots: what becomes of a step of PIBT when robots have to turn first.

The idea of planning as if robots moved freely, and then holding back who has to turn
and whoever wanted that place, is the causal PIBT of Okumura, Tamura, Defago (2021),
doi:10.1609/aaai.v35i13.17347, by another name; constraints of LaCAM* are kept to.
"""

from solvers.kernel import kernel


@kernel
def hold_back(successors, position, target, state, space):  # type: ignore[no-untyped-def]
    """Let robots drive only forward and only into vertices that empty.

    Parameters
    ----------
    successors : ndarray of int32, shape (vertices, 4)
    position : ndarray of int32, shape (robots,)
    target : ndarray of int32, shape (robots,)
        Where `pibt.step` sends each robot. Who has to turn first stays; whoever wanted
        its vertex stays too, and so on.
    state : ndarray of int32, shape (robots,)
        Given: four times the vertex plus the heading for robots that have no choice,
        -1 for others. Result: the same for all after the step.
    space : Space
        ``heading`` holds the headings before the step.

    Returns
    -------
    bool
        False when a robot without a choice would have to be held back.
    """
    robots = len(position)
    there, stack, fixed = space.there, space.stack, space.tried
    for robot in range(robots):
        there[target[robot]] = robot
    depth = 0
    for robot in range(robots):
        fixed[robot] = state[robot] >= 0
        if fixed[robot]:
            continue
        vertex, wanted = position[robot], target[robot]
        heading = space.heading[robot]
        state[robot] = wanted * 4 + heading
        if wanted == vertex or successors[vertex, heading] == wanted:
            continue
        left = successors[vertex, (heading + 3) % 4] == wanted
        turned = (heading + (3 if left else 1)) % 4
        # Below -1: held back, with the heading that it turns to.
        state[robot] = -2 - turned
        stack[depth] = robot
        depth += 1
    fine = True
    while depth > 0 and fine:
        depth -= 1
        robot = stack[depth]
        vertex = position[robot]
        turns = state[robot] < -1
        heading = -2 - state[robot] if turns else state[robot] & 3
        if there[target[robot]] == robot:
            there[target[robot]] = -1
        target[robot] = vertex
        state[robot] = vertex * 4 + heading
        follower = there[vertex]
        there[vertex] = robot
        # Who turns anyway is on the stack already.
        if follower >= 0 and follower != robot and state[follower] >= 0:
            stack[depth] = follower
            depth += 1
            fine = not fixed[follower]
    for robot in range(robots):
        there[target[robot]] = -1
        there[position[robot]] = -1
    return fine
