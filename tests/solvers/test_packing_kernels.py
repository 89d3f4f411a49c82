"""Kernels of packing against slow and obvious versions."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.packing import (
    carton_kernels,
    exact_kernels,
    grid_kernels,
    proof_kernels,
    sharing_kernels,
)
from solvers.packing.blocks import make_blocks
from solvers.packing.carton_sets import cheapest_cover
from solvers.packing.choice_kernels import complete, corner, next_space, rank_blocks
from solvers.packing.fill_state import (
    ALIVE,
    PLACED,
    SPACES,
    VOLUME,
    Fill,
    Rules,
    new_fills,
    new_scratch,
)
from solvers.packing.problem import Boxes, LoadProblem
from solvers.packing.space_kernels import copy_fill, empty, place
from tests import naive_packing as naive

pytestmark = pytest.mark.kernel

EDGE = st.integers(1, 4)
SIZE = st.tuples(EDGE, EDGE, EDGE)
SMALL = st.tuples(st.integers(2, 5), st.integers(2, 5), st.integers(2, 5))


def new_fill(listed, problem: LoadProblem, rules: Rules) -> Fill:
    fills = new_fills(1, listed.blocks, problem.boxes.copies, rules)
    return Fill(*(array[0] for array in fills))


def started(sizes, copies, container, *, on_tops=False, most=60):
    """A problem, its blocks, the rules, and an empty fill."""
    support = 1.0 if on_tops else 0.0
    problem = LoadProblem(Boxes.plain(sizes, copies), container, support=support)
    listed = make_blocks(problem, most)
    rules = Rules(problem.container, support, on_tops, 0.04)
    fill = new_fill(listed, problem, rules)
    empty(fill, listed.blocks, rules, np.inf)
    return problem, listed, rules, fill


def spaces_of(fill: Fill) -> list[tuple[int, ...]]:
    return [tuple(row) for row in fill.spaces[: fill.counts[SPACES]].tolist()]


def put_at_random(fill, listed, rules, draw, steps):
    """Put blocks into corners of spaces, as hypothesis draws them."""
    blocks, taken = listed.blocks, set()
    for _ in range(steps):
        choices = [
            (row, block)
            for row in range(fill.counts[SPACES])
            for block in fill.alive[: fill.counts[ALIVE]].tolist()
            if (blocks.size[block] <= fill.spaces[row, 3:] - fill.spaces[row, :3]).all()
        ]
        if not choices:
            break
        row, block = draw(st.sampled_from(choices))
        at = [corner(fill, rules, row, k, int(blocks.size[block, k])) for k in range(3)]
        taken |= naive.cells(at, blocks.size[block].tolist())
        place(fill, blocks, rules, block, *at)
    return taken


@settings(max_examples=30, deadline=None)
@given(st.lists(SIZE, min_size=1, max_size=3), SMALL, st.data())
def test_free_spaces_are_all_maximal_empty_boxes(sizes, container, data):
    copies = [3] * len(sizes)
    problem, listed, rules, fill = started(
        [*sizes, (1, 1, 1)], [*copies, 99], container
    )
    taken = put_at_random(fill, listed, rules, data.draw, 3)
    assert set(spaces_of(fill)) == naive.maximal_spaces(taken, container)
    assert len(spaces_of(fill)) == len(set(spaces_of(fill)))
    assert fill.counts[VOLUME] == len(taken)
    assert (
        problem.boxes.units - fill.left.sum()
        == listed.blocks.need[:, fill.placed[: fill.counts[PLACED], 0]].sum()
    )


@settings(max_examples=30, deadline=None)
@given(st.lists(SIZE, min_size=1, max_size=3), SMALL, st.data())
def test_spaces_on_tops_are_empty_and_stand_on_something(sizes, container, data):
    _, listed, rules, fill = started(sizes, [4] * len(sizes), container, on_tops=True)
    if not len(listed.order):
        return
    taken = put_at_random(fill, listed, rules, data.draw, 4)
    for a, b, c, d, e, f in spaces_of(fill):
        assert not naive.cells((a, b, c), (d - a, e - b, f - c)) & taken
        below = naive.cells((a, b, c - 1), (d - a, e - b, 1))
        assert c == 0 or below <= taken
        assert f == container[2]


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=3),
    st.integers(1, 30),
)
@settings(max_examples=30, deadline=None)
def test_reach_is_the_largest_sum_of_edges(edges, length):
    sizes = [(a, b, 31) for a, b in edges]
    problem = LoadProblem(
        Boxes(
            np.array(sizes), np.ones(len(sizes), int),
            np.tile([True, True, False, False, False, False], (len(sizes), 1)),
            np.zeros(len(sizes)), np.zeros(len(sizes), bool),
        ),
        [length, 9, 31],
    )  # fmt: skip
    listed = make_blocks(problem, 50)
    if not len(listed.order):
        return
    rules = Rules(problem.container, 0.0, False, 0.0)
    fill = new_fill(listed, problem, rules)
    empty(fill, listed.blocks, rules, np.inf)
    fits = [
        {x for x, y in ((a, b), (b, a)) if x <= length and y <= 9} for a, b in edges
    ]
    assert fill.reach[0, : length + 1].tolist() == naive.longest_sums(fits, length)


@settings(max_examples=30, deadline=None)
@given(st.lists(SIZE, min_size=1, max_size=3), SMALL, st.data())
def test_the_space_nearest_to_a_corner_and_the_best_block_are_chosen(
    sizes, container, data
):
    _, listed, rules, fill = started(sizes, [3] * len(sizes), container)
    if not len(listed.order):
        return
    put_at_random(fill, listed, rules, data.draw, 2)
    row = next_space(fill, rules)
    ways = [
        (
            sum(min(s[k], container[k] - s[k + 3]) for k in range(3)),
            -int(np.prod(np.subtract(s[3:], s[:3]))),
        )
        for s in spaces_of(fill)
    ]
    assert row == (ways.index(min(ways)) if ways else -1)
    if row < 0:
        return
    space, blocks = fill.spaces[row], listed.blocks
    room = (space[3:] - space[:3]).tolist()
    values = {}
    for block in fill.alive[: fill.counts[ALIVE]].tolist():
        size = blocks.size[block].tolist()
        over = [a - b for a, b in zip(room, size, strict=True)]
        if min(over) >= 0:
            sides = [size[1] * size[2], size[0] * size[2], size[0] * size[1]]
            touching = sum(sides) + sum(
                side
                for side, gap, edge in zip(sides, over, room, strict=True)
                if gap <= rules.slack * edge
            )
            used = np.prod([size[k] + fill.reach[k, over[k]] for k in range(3)])
            contact = touching / (2 * sum(sides))
            values[block] = blocks.worth[block] * used / np.prod(room) * contact**4
    scratch = new_scratch(3)
    found = rank_blocks(fill, blocks, rules, row, scratch)
    assert found == min(3, len(values))
    best = sorted(values.values(), reverse=True)[:3]
    assert scratch.value[:found] == pytest.approx(best)
    assert [values[block] for block in scratch.chosen[:found].tolist()] == (
        pytest.approx(best)
    )


@settings(max_examples=30, deadline=None)
@given(st.lists(SIZE, min_size=1, max_size=3), SMALL, st.booleans())
def test_blocks_hold_what_they_say_and_are_all_different(sizes, container, on_tops):
    problem, listed, _, _ = started(
        sizes, [3] * len(sizes), container, on_tops=on_tops, most=80
    )
    blocks, seen = listed.blocks, set()
    for block in range(len(listed.order)):
        load = listed.load(problem, np.array([[block, 0, 0, 0]]))
        laid = load.size(problem.boxes)
        parts = [
            naive.cells(at, size)
            for at, size in zip(load.position.tolist(), laid.tolist(), strict=True)
        ]
        assert len(set().union(*parts)) == sum(map(len, parts)) == blocks.volume[block]
        assert (load.position + laid).max(axis=0).tolist() == blocks.size[
            block
        ].tolist()
        need = np.bincount(load.kind, minlength=problem.boxes.kinds)
        assert need.tolist() == blocks.need[:, block].tolist()
        assert (need <= problem.boxes.copies).all()
        if on_tops:
            packing = list(zip(load.position.tolist(), laid.tolist(), strict=True))
            assert naive.is_supported(packing, 1.0)
        length, width = blocks.top[block].tolist()
        top = naive.cells((0, 0, int(blocks.size[block, 2]) - 1), (length, width, 1))
        assert top <= set().union(*parts)
        key = (*blocks.size[block].tolist(), *need.tolist())
        assert key not in seen
        seen.add(key)


def test_a_copy_of_a_fill_goes_its_own_way():
    problem, listed, rules, fill = started([(2, 1, 1)], [3], (3, 2, 2))
    other = new_fill(listed, problem, rules)
    copy_fill(fill, other)
    complete(other, listed.blocks, rules, new_scratch(1))
    assert other.counts[VOLUME] == 6
    assert fill.counts.tolist() == [1, 0, len(listed.order), 0]
    assert spaces_of(fill) == [(0, 0, 0, 3, 2, 2)]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(SIZE, min_size=1, max_size=4),
    st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 3)),
)
def test_the_search_tree_knows_whether_boxes_go_in(sizes, container):
    while sum(np.prod(size) for size in sizes) > np.prod(container):
        sizes.pop()
    if not sizes:
        return
    boxes = Boxes.plain(sizes, [1] * len(sizes))
    fitting = boxes.fitting(np.array(container))
    tree = exact_kernels.new_tree()
    kinds = np.arange(len(sizes), dtype=np.int32)
    answer = exact_kernels.lie_apart(
        boxes.turned(), fitting.astype(np.uint8), kinds,
        np.array(container, np.int32), 10**6, tree,
    )  # fmt: skip
    assert answer == naive.packs([naive.turned(size) for size in sizes], container)
    if answer:
        n = len(sizes)
        low = tree.low[n * (n + 1) // 2, :, :n].T
        parts = [
            naive.cells(at, edges)
            for at, edges in zip(low.tolist(), tree.edge[:n].tolist(), strict=True)
        ]
        assert len(set().union(*parts)) == sum(map(len, parts))
        assert (low + tree.edge[:n] <= container).all()


def test_the_search_tree_gives_up():
    boxes = Boxes.plain([[2, 2, 2]], [8])
    answer = exact_kernels.lie_apart(
        boxes.turned(), np.ones((1, 6), np.uint8),
        np.zeros(8, np.int32), np.array([5, 5, 3], np.int32), 50,
        exact_kernels.new_tree(),
    )  # fmt: skip
    assert answer == exact_kernels.GAVE_UP


@settings(max_examples=30, deadline=None)
@given(st.lists(SIZE, min_size=1, max_size=3), SMALL, st.data())
def test_no_proof_is_given_for_boxes_that_go_in(sizes, container, data):
    while not naive.packs([naive.turned(size) for size in sizes], container):
        sizes.pop()
    if not sizes:
        return
    boxes = Boxes.plain(sizes, [1] * len(sizes))
    fitting = boxes.fitting(np.array(container)).astype(np.uint8)
    most = max(container)
    one = st.integers(-4, most // 2)
    functions = [[data.draw(one) for _ in range(3)] for _ in range(3)]
    for axis in range(3):
        functions[axis] = [min(f, container[axis] // 2) for f in functions[axis]]
    assert not proof_kernels.proved_too_full(
        boxes.turned(), fitting, boxes.copies,
        np.array(container, np.int32), np.array(functions, np.int32),
    )  # fmt: skip
    assert not proof_kernels.proved_not_to_fit(
        boxes.turned(), fitting, boxes.copies, np.array(container, np.int32),
        proof_kernels.new_proof_memory(most),
    )  # fmt: skip


def test_boxes_that_are_all_longer_than_half_are_proved_not_to_fit():
    boxes = Boxes.plain([[3, 3, 3]], [2])
    assert proof_kernels.proved_not_to_fit(
        boxes.turned(), np.ones((1, 6), np.uint8), boxes.copies,
        np.array([5, 5, 5], np.int32), proof_kernels.new_proof_memory(5),
    )  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(SIZE, st.integers(0, 3)), min_size=1, max_size=3),
    st.integers(4, 20),
)
def test_the_longest_sum_of_edges_takes_each_box_once(kinds, length):
    sizes, copies = zip(*kinds, strict=True)
    boxes = Boxes.plain(sizes, copies)
    found = proof_kernels.longest_sum(
        boxes.turned(), np.ones((len(sizes), 6), np.uint8), boxes.copies, 1, length,
        np.zeros(length + 1, np.uint8),
    )  # fmt: skip
    edges = [set(size) for size, count in kinds for _ in range(count)]
    sums = {0}
    for of_box in edges:
        sums |= {s + edge for s in sums for edge in of_box}
    assert found == max(s for s in sums if s <= length)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(SIZE, st.integers(0, 30)), min_size=1, max_size=2),
    st.tuples(st.integers(2, 30), st.integers(2, 5), st.integers(2, 5)),
    st.booleans(),
)
def test_grids_are_all_that_go_in(kinds, container, fragile):
    sizes, copies = zip(*kinds, strict=True)
    boxes = Boxes.plain(sizes, copies)
    fitting = boxes.fitting(np.array(container))
    given = (
        boxes.turned(), fitting, boxes.copies, np.array([fragile] * len(sizes)),
        np.array(container, np.int32),
    )  # fmt: skip
    found = grid_kernels.list_grids(*given, np.zeros((0, 5), np.int32))
    grids = np.zeros((found, 5), np.int32)
    assert grid_kernels.list_grids(*given, grids) == found
    listed = [
        (kind, *boxes.turned()[kind, rotation].tolist(), *counts)
        for kind, rotation, *counts in grids.tolist()
    ]
    assert len(set(listed)) == len(listed)
    assert set(listed) == naive.grids(sizes, copies, container, fragile)


@given(st.integers(1, 40), st.data())
@settings(max_examples=60, deadline=None)
def test_dual_feasible_functions_keep_sums_within_the_length(length, data):
    function = data.draw(st.integers(-5, length // 2))
    edges, room = [], length
    while room:
        edges.append(data.draw(st.integers(1, room)))
        room -= edges[-1]
    total = sum(proof_kernels.dual_feasible(function, e, length) for e in edges)
    assert total <= length + 1e-9


@given(st.lists(st.integers(1, 2), min_size=1, max_size=3), st.data())
@settings(max_examples=30, deadline=None)
def test_sharing_out_is_cheapest_and_exclusion_reaches_all_that_holds_a_part(
    counts, data
):
    base = np.array(counts) + 1
    weight = np.concatenate([[1], np.cumprod(base[:-1])]).astype(np.int64)
    numbers = np.arange(int(base.prod()))[:, None]
    digits = (numbers // weight % base).astype(np.int32)
    cost = np.array([2.0, 3.0, 7.0])
    allowed = np.ones((3, len(digits)), np.uint8)
    for _ in range(3):
        one = data.draw(st.integers(0, 1))
        part = data.draw(st.integers(1, len(digits) - 1))
        before = allowed.copy()
        sharing_kernels.exclude(digits, allowed, one, part)
        gone = (digits >= digits[part]).all(axis=1)
        before[one, gone] = 0
        assert (allowed == before).all()
    price, carton = np.zeros(len(digits)), np.zeros(len(digits), np.int32)
    sharing_kernels.cheapest_cartons(allowed, cost, price, carton)
    naive_price = np.where(allowed, cost[:, None], np.inf).min(axis=0)
    assert (price == naive_price).all() and (cost[carton] == price).all()
    best, part = np.zeros(len(digits)), np.zeros(len(digits), np.int32)
    sharing_kernels.share_out(
        digits, weight, price, best, part, np.zeros(len(counts), np.int32)
    )
    prices = {tuple(row): p for row, p in zip(digits.tolist(), price, strict=True)}
    for whole in range(len(digits)):
        assert best[whole] == naive.cheapest_sharing(tuple(digits[whole]), prices)
        if whole:
            left = best[whole - part[whole]]
            assert best[whole] == price[part[whole]] + left


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 4)), min_size=1, max_size=3),
    st.integers(1, 8),
)
@settings(max_examples=30, deadline=None)
def test_the_cheapest_cover(cartons, need):
    cost, parts = (list(column) for column in zip(*cartons, strict=True))
    best = np.zeros(need + 1)
    cheapest_cover(np.array(cost, float), np.array(parts, np.int64), best)
    assert best.tolist() == [
        naive.cheapest_cover(cost, parts, n) for n in range(need + 1)
    ]


@given(st.lists(SIZE, min_size=1, max_size=3), SMALL)
@settings(max_examples=15, deadline=None)
def test_filling_again_never_ends_worse_than_the_first_fill(sizes, container):
    problem, listed, rules, fill = started(sizes, [2] * len(sizes), container)
    if not len(listed.order):
        return
    blocks, scratch = listed.blocks, new_scratch(1)
    complete(fill, blocks, rules, scratch)
    first, worth = int(fill.counts[VOLUME]), blocks.worth.copy()
    best = np.zeros_like(fill.placed)
    placed = carton_kernels.fill_again(
        fill, blocks, rules, problem.boxes.copies, np.inf, worth, 0.5, 5,
        np.array([7], np.uint64), best, scratch,
    )  # fmt: skip
    rows = best[: placed if placed >= 0 else -1 - placed, 0]
    assert blocks.volume[rows].sum() >= first
    assert (blocks.need[:, rows].sum(axis=1) == problem.boxes.copies).all() == (
        placed >= 0
    )


def test_every_order_of_edges_is_a_rotation():
    assert sorted(naive.TURNS) == sorted(itertools.permutations(range(3)))
