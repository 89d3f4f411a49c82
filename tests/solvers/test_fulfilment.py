"""The whole chain: whatever the scenario, the plan keeps every rule of the checker."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from solvers.result import Status, Stop
from tests.planning import plan_of, reasons
from tests.strategies import orders_tables, scenarios
from warehouse.layout import CellKind, Layout
from warehouse.plan import UnservedReason
from warehouse.scenario import Fleet, Orders, Scenario, Service, Station, Stock

# ---- Scenarios by hand ------------------------------------------------------------

FLOOR = [
    "............",
    ".SS.SS.SS.S.",
    ".SS.SS.SS.S.",
    ".SS.SS.SS.S.",
    "............",
    "............",
    "##P##HHHH#P#",
]


def make_orders(lines, release_s=0.0, due_s=np.inf, priority=0):
    """Orders from (order, sku, quantity); the other arguments one for all or each."""
    order, sku, quantity = np.array(lines, np.int32).reshape(-1, 3).T.copy()
    count = int(order.max(initial=-1)) + 1
    return Orders(
        tuple(f"order {k}" for k in range(count)),
        np.broadcast_to(np.asarray(release_s, float), count).copy(),
        np.broadcast_to(np.asarray(due_s, float), count).copy(),
        np.broadcast_to(np.asarray(priority, np.int32), count).copy(),
        order,
        sku,
        quantity,
    )


def make_scenario(orders, *, rows=FLOOR, robots=4, units=50, skus=6, **changes):
    """SKUs on racks one after the other, all homes and docks in use."""
    layout = Layout.from_rows(rows)
    racks = layout.cells_of(CellKind.RACK)
    at = np.linspace(0, len(racks) - 1, skus).astype(int)
    fleet = {"tote_slots": 3, "motion": "omni", **changes.pop("fleet", {})}
    docks = layout.cells_of(CellKind.DOCK).tolist()
    scenario = Scenario(
        name="by hand",
        layout=layout,
        sku_names=tuple(f"sku {k}" for k in range(skus)),
        stock=Stock(
            np.arange(skus, dtype=np.int32),
            racks[at].copy(),
            np.broadcast_to(np.asarray(units, np.int32), skus).copy(),
        ),
        orders=orders,
        fleet=Fleet(layout.cells_of(CellKind.HOME)[:robots].copy(), **fleet),
        stations=tuple(Station(f"station {k}", d) for k, d in enumerate(docks)),
        service=Service(2.0, 1.0, 1.0, 12.0, 1.0),
    )
    return replace(scenario, **changes)


def one_line_orders(count, skus=6, **given):
    return make_orders([(k, k % skus, 1 + k % 2) for k in range(count)], **given)


# ---- Any scenario -----------------------------------------------------------------


@settings(max_examples=120)
@given(
    scenarios(),
    st.sampled_from(["throughput", "on-time", "travel"]),
    st.sampled_from(["ship", "hold"]),
    st.sampled_from(["reserved", "reserved", "pibt"]),
)
def test_any_scenario_gives_a_plan_without_a_broken_rule(
    scenario, objective, partial, motion
):
    result = plan_of(
        scenario,
        Stop(iterations=2),
        objective=objective,
        partial=partial,
        motion=motion,
    )
    plan = result.solution
    # Nothing but the stock keeps a line from being served.
    by_stock = {UnservedReason.STOCK, UnservedReason.HELD}
    assert {reason for _, reason in reasons(plan)} <= by_stock
    assert result.status in {Status.FEASIBLE, Status.OPTIMAL}
    assert result.lower_bound <= result.objective + 1e-6
    assert plan.scenario is scenario


def released_in_order(orders):
    """Orders by release time, so that changing later ones renumbers no earlier one."""
    rank = np.argsort(orders.release_s, kind="stable")
    lines = [
        (k, int(orders.line_sku[line]), int(orders.line_quantity[line]))
        for k, old in enumerate(rank)
        for line in np.flatnonzero(orders.line_order == old)
    ]
    return make_orders(
        lines, orders.release_s[rank], orders.due_s[rank], orders.priority[rank]
    )


def exchange_later(orders, other, cut_s):
    """Orders released before a time, and from then on those of another table."""
    kept, taken = orders.release_s < cut_s, other.release_s >= cut_s
    first = int(kept.sum())
    lines = [
        (int(o), int(s), int(q))
        for o, s, q in zip(
            orders.line_order, orders.line_sku, orders.line_quantity, strict=True
        )
        if kept[o]
    ]
    number = first - int((~taken).sum())
    lines += [
        (int(o) + number, int(s), int(q))
        for o, s, q in zip(
            other.line_order, other.line_sku, other.line_quantity, strict=True
        )
        if taken[o]
    ]

    def joined(name):
        return np.concatenate(
            [getattr(orders, name)[kept], getattr(other, name)[taken]]
        )

    return make_orders(lines, joined("release_s"), joined("due_s"), joined("priority"))


def past(plan, step):
    """All stops that begin before a timestep, with what was picked and dropped."""
    rows = []
    columns = ["robot", "kind", "cell", "start", "end", "station"]
    for k, stop in enumerate(plan.stops[columns].tolist()):
        if stop[3] < step:
            picks = plan.picks[plan.picks["stop"] == k]
            drops = plan.drops["order"][plan.drops["stop"] == k]
            picked = picks[["line", "rack", "quantity"]].tolist()
            rows.append((stop, picked, drops.tolist()))
    return rows


@settings(max_examples=60)
@given(
    scenarios(over_time=True),
    orders_tables(1, over_time=True),
    st.sampled_from([7.3, 30.0, 31.0, 90.0]),
    st.sampled_from(["throughput", "on-time"]),
    st.sampled_from(["reserved", "pibt"]),
)
def test_what_is_released_later_changes_nothing_before(
    scenario, later, cut_s, objective, motion
):
    orders = released_in_order(scenario.orders)
    changed = exchange_later(orders, released_in_order(later), cut_s)
    assume((orders.release_s < cut_s).any())
    # A wave, with nothing released later, may be planned several times.
    assume(orders.release_s.any() and changed.release_s.any())
    one, two = (
        plan_of(
            replace(scenario, orders=table), objective=objective, motion=motion
        ).solution
        for table in (orders, changed)
    )
    # A run that comes to a standstill is made again in another way.
    assume(one.meta["motion"] == two.meta["motion"])
    step = int(np.ceil(cut_s / scenario.step_s - 1e-9))
    known = min(step, one.steps, two.steps) + 1
    np.testing.assert_array_equal(one.cells[:known], two.cells[:known])
    assert past(one, step) == past(two, step)


def test_packing_looks_at_no_order_before_its_release():
    # One packer. Order 0 is there when order 1, urgent and due soon, is not released.
    def packed(urgent):
        lines = [(0, 0, 1), (1, 1, 1)]
        due_s = [400.0, 60.0 if urgent else 500.0]
        orders = make_orders(lines, [0.0, 25.0], due_s, [0, 9 if urgent else 0])
        scenario = make_scenario(
            orders, rows=[*FLOOR[:-1], "##P##HHHH###"],
            service=Service(1.0, 1.0, 1.0, 60.0, 1.0),
        )  # fmt: skip
        plan = plan_of(scenario, objective="on-time").solution
        return plan.packing[["order", "start_s"]][plan.packing["start_s"] < 25].tolist()

    assert packed(urgent=True) == packed(urgent=False) != []


# ---- Particular scenarios ---------------------------------------------------------


def test_one_robot_does_it_all():
    plan = plan_of(make_scenario(one_line_orders(9), robots=1)).solution
    assert reasons(plan) == {}
    assert len(plan.packing) == 9
    assert len(np.unique(plan.stops["trip"])) >= 3  # three tote slots


def test_more_robots_than_orders():
    scenario = make_scenario(one_line_orders(2))
    plan = plan_of(scenario).solution
    assert len(plan.packing) == 2
    # Two robots share the work: the orders lie in different aisles.
    assert len(np.unique(plan.stops["robot"])) == 2


@pytest.mark.parametrize("motion", ["omni", "rotate"])
def test_one_way_aisles(motion):
    rows = [
        "............",
        "S^SS^SSvSSvS",
        "S^SS^SSvSSvS",
        "S^SS^SSvSSvS",
        "............",
        "............",
        "##P##HHHH#P#",
    ]
    scenario = make_scenario(one_line_orders(14), rows=rows, fleet={"motion": motion})
    assert reasons(plan_of(scenario).solution) == {}


def test_orders_come_over_time():
    release_s = np.array([0, 0, 35, 35, 140.5, 600])
    scenario = make_scenario(one_line_orders(6, release_s=release_s))
    plan = plan_of(scenario).solution
    assert reasons(plan) == {}
    # The checker holds that nothing is picked too early; nor is it left lying.
    for order in range(6):
        line = plan.picks["line"] == order
        start = plan.stops["start"][plan.picks["stop"][line]].min()
        assert 0 <= start * scenario.step_s - release_s[order] < 60


def test_on_time_serves_the_urgent_first():
    due_s = np.full(24, 1e6)
    due_s[[20, 22, 23]] = 60.0
    scenario = make_scenario(one_line_orders(24, due_s=due_s), robots=2)
    soon = plan_of(scenario, Stop(iterations=6), objective="on-time").solution
    any_time = plan_of(scenario, Stop(iterations=6)).solution

    def late_s(plan):
        end_s = plan.packing["end_s"]
        return np.maximum(0, end_s - due_s[plan.packing["order"]]).sum()

    assert late_s(soon) < late_s(any_time)


def test_travel_is_less_when_asked_for():
    rng = np.random.default_rng(0)
    lines = [(k, int(rng.integers(0, 6)), 1) for k in range(30)]
    scenario = make_scenario(make_orders(lines), robots=4)

    def moves(plan):
        return np.count_nonzero(plan.cells[1:] != plan.cells[:-1])

    stop = Stop(iterations=4)
    short = plan_of(scenario, stop, objective="travel").solution
    assert moves(short) <= moves(plan_of(scenario, stop).solution)


# Order 0 wants one unit more than there is; order 1 can be served.
SHORT = [(0, 0, 5), (0, 1, 2), (1, 1, 1)]


def test_what_the_stock_does_not_cover_is_shipped_in_part():
    scenario = make_scenario(make_orders(SHORT), units=[4, 9, 9, 9, 9, 9])
    plan = plan_of(scenario, partial="ship").solution
    assert reasons(plan) == {(0, UnservedReason.STOCK): 1}
    assert plan.packing["order"].tolist() == [0, 1]


def test_or_the_order_is_held():
    scenario = make_scenario(make_orders(SHORT), units=[4, 9, 9, 9, 9, 9])
    plan = plan_of(scenario, partial="hold").solution
    assert reasons(plan) == {
        (0, UnservedReason.STOCK): 1,
        (0, UnservedReason.HELD): 4,
        (1, UnservedReason.HELD): 2,
    }
    assert plan.packing["order"].tolist() == [1]


@pytest.mark.parametrize("partial", ["ship", "hold"])
def test_nothing_in_stock(partial):
    scenario = make_scenario(one_line_orders(3), units=0)
    plan = plan_of(scenario, partial=partial).solution
    assert {reason for _, reason in reasons(plan)} == {UnservedReason.STOCK}
    assert len(plan.packing) == len(plan.stops) == 0
    assert plan.makespan_s == 0


def test_orders_that_share_what_they_want():
    lines = [(k, sku, 1) for k in range(9) for sku in (2, 3)]
    scenario = make_scenario(make_orders(lines), units=9)
    plan = plan_of(scenario).solution
    assert reasons(plan) == {}
    # One stop serves all orders of the trip that want what lies there.
    stops = np.count_nonzero(plan.stops["kind"] == 0)
    assert stops <= 2 * len(np.unique(plan.stops["trip"]))


def test_several_packers_pack_at_once():
    scenario = make_scenario(
        one_line_orders(12),
        rows=[*FLOOR[:-1], "##P##HHHH###"],
        service=Service(1.0, 1.0, 1.0, 60.0, 1.0),
    )
    alone = plan_of(scenario).solution
    many = tuple(replace(s, packers=4) for s in scenario.stations)
    four = plan_of(replace(scenario, stations=many)).solution
    assert four.makespan_s < 0.5 * alone.makespan_s
    assert set(four.packing["packer"].tolist()) == {0, 1, 2, 3}


@pytest.mark.parametrize("motion", ["omni", "rotate"])
def test_an_order_of_sixty_lines(motion):
    rows = [
        "...............",
        *[".S.SS.SS.SS.SS."] * 8,
        "...............",
        "P.HHH.........P",
    ]
    lines = [(0, sku, 1 + sku % 3) for sku in range(60)] + [(1, 3, 1), (2, 50, 2)]
    scenario = make_scenario(
        make_orders(lines), rows=rows, skus=60, robots=3, fleet={"motion": motion}
    )
    plan = plan_of(scenario).solution
    assert reasons(plan) == {}
    # The whole order rides in one trip.
    mine = plan.picks["line"] < 60
    assert len(np.unique(plan.stops["trip"][plan.picks["stop"][mine]])) == 1


def test_a_pick_of_very_many_units():
    plan = plan_of(make_scenario(make_orders([(0, 0, 5000)]), units=5000)).solution
    assert reasons(plan) == {}


def test_nothing_ordered():
    plan = plan_of(make_scenario(make_orders([]))).solution
    assert plan.steps == 0
    assert plan.bound.value_s == 0


IN_THE_WAY = {
    "homes in the only corridor": [
        "S.SS.SS.S",
        "S.SS.SS.S",
        ".HHH.....",
        "#P#####P#",
    ],
    "a home before the only dock": [
        ".........",
        "S.SS.SS.S",
        "HH.......",
        "P########",
    ],
    "dead-end aisles with homes in them": [
        "SHSSHSS.S",
        "S.SS.SS.S",
        "S.SS.SS.S",
        ".........",
        "P.......P",
    ],
}


@pytest.mark.parametrize("motion", ["omni", "rotate"])
@pytest.mark.parametrize("name", IN_THE_WAY)
def test_robots_that_rest_in_the_way_are_helped_out(name, motion):
    scenario = make_scenario(
        one_line_orders(8), rows=IN_THE_WAY[name], fleet={"motion": motion}
    )
    assert reasons(plan_of(scenario).solution) == {}


def test_step_by_step_motion_is_what_helps():
    rows = IN_THE_WAY["a home before the only dock"]
    plan = plan_of(make_scenario(one_line_orders(8), rows=rows)).solution
    assert plan.meta["motion"] == "pibt"
    plan = plan_of(make_scenario(one_line_orders(8))).solution
    assert plan.meta["motion"] == "reserved"
