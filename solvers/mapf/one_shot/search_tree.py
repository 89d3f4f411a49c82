"""What LaCAM* keeps: configurations found, ways between them, constraints to try.

All of it in flat arrays, for the kernels of `lacam`. A configuration is a row of
vertices, one for each robot, and is found again through a hash table with open
addressing. The constraints of a configuration are a queue that is only lengthened when
it is asked for more: most configurations are left behind after one step.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel

UNTRIED, ROOT, NOTHING = -2, -1, -3
"""Values of `SearchTree.pending` that are not the number of a constraint."""


class SearchTree(NamedTuple):
    """Arrays by node (configuration), by edge, by constraint; lists end with -1."""

    configuration: NDArray[np.int32]  # (nodes, robots): vertices
    order: NDArray[np.int32]  # (nodes, robots): robots, most urgent first
    hashed: NDArray[np.uint64]  # (nodes,)
    parent: NDArray[np.int32]  # (nodes,)
    cost: NDArray[np.int64]  # (nodes,): least known from the start
    to_go: NDArray[np.int64]  # (nodes,): sum of distances
    pending: NDArray[np.int32]  # (nodes,): constraint tried but not yet extended
    first: NDArray[np.int32]  # (nodes,): next constraint to try
    last: NDArray[np.int32]  # (nodes,): last constraint in the queue
    edges: NDArray[np.int32]  # (nodes,): first edge out
    edge_to: NDArray[np.int32]  # (edges,)
    edge_next: NDArray[np.int32]  # (edges,)
    above: NDArray[np.int32]  # (constraints,): constraint it adds to, or -1
    robot: NDArray[np.int32]  # (constraints,)
    vertex: NDArray[np.int32]  # (constraints,): where the robot has to go
    depth: NDArray[np.int32]  # (constraints,): how many constraints it adds up to
    queued: NDArray[np.int32]  # (constraints,): next in the queue
    open: NDArray[np.int32]  # (any,): stack of nodes to go on from
    table: NDArray[np.int32]  # (power of two,): nodes by hash; -1 where none
    nodes: NDArray[np.int64]  # (1,): how many there are; so for those below
    edges_used: NDArray[np.int64]
    constraints: NDArray[np.int64]
    opened: NDArray[np.int64]
    goal: NDArray[np.int64]  # (1,): node of the goals, or -1
    queue: NDArray[np.int32]  # (nodes,): ring of nodes whose cost has fallen
    in_queue: NDArray[np.bool_]  # (nodes,)
    salt: NDArray[np.uint64]  # (robots,): random numbers for the hash


def make_tree(robots: int, nodes: int = 256) -> SearchTree:
    """Room for some nodes, and nothing in it.

    Examples
    --------
    >>> tree = make_tree(robots=3)
    >>> tree.configuration.shape, int(tree.goal[0])
    ((256, 3), -1)
    """
    random = np.random.default_rng(0x1ACA)
    by_node, small = np.zeros(nodes, np.int32), np.zeros(8 * nodes, np.int32)
    return SearchTree(
        configuration=np.empty((nodes, robots), np.int32),
        order=np.empty((nodes, robots), np.int32),
        hashed=np.zeros(nodes, np.uint64),
        parent=by_node,
        cost=np.zeros(nodes, np.int64),
        to_go=np.zeros(nodes, np.int64),
        pending=by_node.copy(),
        first=by_node.copy(),
        last=by_node.copy(),
        edges=by_node.copy(),
        edge_to=small,
        edge_next=small.copy(),
        above=small.copy(),
        robot=small.copy(),
        vertex=small.copy(),
        depth=small.copy(),
        queued=small.copy(),
        open=small.copy(),
        table=np.full(4 * nodes, -1, np.int32),
        nodes=np.zeros(1, np.int64),
        edges_used=np.zeros(1, np.int64),
        constraints=np.zeros(1, np.int64),
        opened=np.zeros(1, np.int64),
        goal=np.full(1, -1, np.int64),
        queue=by_node.copy(),
        in_queue=np.zeros(nodes, np.bool_),
        salt=random.integers(1, 1 << 63, robots, dtype=np.uint64) * np.uint64(2)
        + np.uint64(1),
    )


_PER_NODE = ["configuration", "order", "hashed", "parent", "cost", "to_go"]
_PER_NODE += ["pending", "first", "last", "edges", "queue"]
_PER_EDGE = ["edge_to", "edge_next"]
_PER_CONSTRAINT = ["above", "robot", "vertex", "depth", "queued"]


def grow(tree: SearchTree) -> SearchTree:
    """Double whatever is nearly full.

    Examples
    --------
    >>> tree = make_tree(robots=3)
    >>> tree.nodes[0] = 256
    >>> len(grow(tree).parent), len(grow(tree).edge_to)
    (512, 2048)
    """
    nodes = int(tree.nodes[0])
    fields = []
    if nodes + 1 >= len(tree.parent):
        fields += _PER_NODE
    if tree.edges_used[0] + 1 >= len(tree.edge_to):
        fields += _PER_EDGE
    if tree.constraints[0] + 5 >= len(tree.above):
        fields += _PER_CONSTRAINT
    if tree.opened[0] + nodes + 1 >= len(tree.open):
        fields += ["open"]
    longer: dict[str, Any] = {name: _doubled(getattr(tree, name)) for name in fields}
    if "parent" in longer:
        longer["in_queue"] = np.zeros(len(longer["parent"]), np.bool_)
        longer["table"] = np.full(2 * len(tree.table), -1, np.int32)
        fill_table(tree.hashed, nodes, longer["table"])
    return tree._replace(**longer)


def size_bytes(tree: SearchTree) -> int:
    """Memory the tree takes.

    Examples
    --------
    >>> size_bytes(make_tree(robots=2)) < 200_000
    True
    """
    return sum(array.nbytes for array in tree)


def _doubled(array: NDArray[np.generic]) -> NDArray[np.generic]:
    longer = np.empty((2 * len(array), *array.shape[1:]), array.dtype)
    longer[: len(array)] = array
    return longer


@lean_kernel
def has_room(tree):  # type: ignore[no-untyped-def]
    """Whether one more step of the search fits in."""
    return (
        tree.nodes[0] + 1 < len(tree.parent)
        and tree.edges_used[0] + 1 < len(tree.edge_to)
        and tree.constraints[0] + 5 < len(tree.above)
        and tree.opened[0] + tree.nodes[0] + 1 < len(tree.open)
    )


@lean_kernel
def fill_table(hashed, nodes, table):  # type: ignore[no-untyped-def]
    """Enter the first nodes into an empty table by their hashes."""
    mask = len(table) - 1
    for node in range(nodes):
        slot = np.int64(hashed[node] & np.uint64(mask))
        while table[slot] >= 0:
            slot = (slot + 1) & mask
        table[slot] = node


@lean_kernel
def hash_of(configuration, salt):  # type: ignore[no-untyped-def]
    """Sum over robots of a mix of robot and vertex."""
    total = np.uint64(0)
    for robot in range(len(configuration)):
        x = (np.uint64(configuration[robot]) + np.uint64(1)) * salt[robot]
        x ^= x >> np.uint64(29)
        x *= np.uint64(0xBF58476D1CE4E5B9)
        x ^= x >> np.uint64(32)
        total += x
    return total


@lean_kernel
def slot_of(tree, configuration, hashed):  # type: ignore[no-untyped-def]
    """Place in the table of a configuration; of an empty one where it is new."""
    table = tree.table
    mask = len(table) - 1
    slot = np.int64(hashed & np.uint64(mask))
    while table[slot] >= 0:
        node = table[slot]
        if tree.hashed[node] == hashed:
            known = tree.configuration[node]
            same = True
            for robot in range(len(configuration)):
                if known[robot] != configuration[robot]:
                    same = False
                    break
            if same:
                break
        slot = (slot + 1) & mask
    return slot


@lean_kernel
def add_node(tree, configuration, hashed, slot, parent, cost, to_go):  # type: ignore[no-untyped-def]
    """Enter a new configuration; its order is left to the caller."""
    node = tree.nodes[0]
    tree.nodes[0] += 1
    tree.table[slot] = node
    for robot in range(len(configuration)):
        tree.configuration[node, robot] = configuration[robot]
    tree.hashed[node] = hashed
    tree.parent[node] = parent
    tree.cost[node] = cost
    tree.to_go[node] = to_go
    tree.pending[node] = UNTRIED
    tree.first[node] = -1
    tree.last[node] = -1
    tree.edges[node] = -1
    return node


@lean_kernel
def add_edge(tree, node, after):  # type: ignore[no-untyped-def]
    """Note that one step leads from a node to another, unless it is noted."""
    edge = tree.edges[node]
    while edge >= 0:
        if tree.edge_to[edge] == after:
            return
        edge = tree.edge_next[edge]
    edge = tree.edges_used[0]
    tree.edges_used[0] += 1
    tree.edge_to[edge] = after
    tree.edge_next[edge] = tree.edges[node]
    tree.edges[node] = edge


@lean_kernel
def push_open(tree, node):  # type: ignore[no-untyped-def]
    """Put a node on top of the stack of those to go on from."""
    if tree.opened[0] < len(tree.open):
        tree.open[tree.opened[0]] = node
        tree.opened[0] += 1


@lean_kernel
def _extend(tree, successors, node, above, shuffle):  # type: ignore[no-untyped-def]
    """Queue all constraints that say one robot more than a given one."""
    depth = np.int64(0 if above == ROOT else tree.depth[above])
    if depth == tree.order.shape[1]:
        return
    robot = tree.order[node, depth]
    vertex = tree.configuration[node, robot]
    for k in range(5):
        d = (k + shuffle) % 5
        after = vertex if d == 4 else successors[vertex, d]
        if after < 0:
            continue
        constraint = tree.constraints[0]
        tree.constraints[0] += 1
        tree.above[constraint] = above
        tree.robot[constraint] = robot
        tree.vertex[constraint] = after
        tree.depth[constraint] = depth + 1
        tree.queued[constraint] = -1
        if tree.first[node] < 0:
            tree.first[node] = constraint
        else:
            tree.queued[tree.last[node]] = constraint
        tree.last[node] = constraint


@lean_kernel
def next_constraint(tree, successors, node, shuffle):  # type: ignore[no-untyped-def]
    """Take the next constraint of a node: whether there is one, and its number.

    The first is -1 and constrains nobody.
    """
    if tree.pending[node] == UNTRIED:
        tree.pending[node] = ROOT
        return True, np.int64(-1)
    if tree.pending[node] != NOTHING:
        _extend(tree, successors, node, np.int64(tree.pending[node]), shuffle)
    constraint = np.int64(tree.first[node])
    if constraint < 0:
        tree.pending[node] = NOTHING
        return False, np.int64(-1)
    tree.first[node] = tree.queued[constraint]
    tree.pending[node] = constraint
    return True, constraint
