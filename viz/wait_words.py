"""For whom a robot waits, in words."""

from viz.clock import count
from viz.replay import STATE_WORDS, Moment, RobotState
from viz.view import View


def wait_words(view: View, moment: Moment, robot: int) -> list[tuple[str, str]]:
    """Lines about a robot that waits or holds others up, each with words beside it."""
    queues = view.replay.blocking.at(view.t)
    lines = []
    if queues.waiting[robot]:
        lines.append(_reason(view, moment, robot))
    behind = int(queues.behind[robot])
    if behind:
        lines.append((f"holds up {count(behind, 'robot')}", ""))
    return lines


def _reason(view: View, moment: Moment, robot: int) -> tuple[str, str]:
    queues = view.replay.blocking.at(view.t)
    holder, head = int(queues.holder[robot]), int(queues.head[robot])
    if holder < 0:
        return "waits, though its way is free", ""
    if queues.in_circle[robot]:
        size = len(queues.chain_of(robot)) + 1
        return f"waits for robot {holder}", f"a circle of {size}"
    state = STATE_WORDS[RobotState(int(moment.state[head]))]
    if head == holder:
        return f"waits for robot {holder}", state
    return f"waits for robot {holder}", f"behind {head}: {state}"
