"""What is written is read back the same; what is damaged is refused, never a crash."""

from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.battery_sites import BATTERY, battery_scenario
from tests.pod_sites import pod_scenario
from tests.warehouse.scenario_files import GOOD, write_folder
from warehouse.errors import InputError
from warehouse.formats.layout_toml import read_layout, write_layout
from warehouse.formats.layouts_by_ending import read_any_layout
from warehouse.formats.movingai import read_map, write_map
from warehouse.formats.scenario_folder import read_scenario, write_scenario
from warehouse.layout import ALL_EXITS, CellKind, Layout, Zone
from warehouse.scenario import Fleet, Orders, Scenario, Service, Station, Stock

ONE_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
names = (
    st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn", "Cf"]), min_size=1
    )
    .map(lambda text: text.strip()[:100].strip())
    .filter(lambda text: text and text.isprintable())
)
metres = st.floats(-1000, 1000, allow_nan=False).map(lambda x: x + 0.0)


def assert_same(one: object, other: object) -> None:
    if is_dataclass(one):
        assert type(one) is type(other)
        for field in fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, np.ndarray):
        assert isinstance(other, np.ndarray)
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    elif isinstance(one, tuple):
        assert isinstance(other, tuple)
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            assert_same(a, b)
    else:
        assert one == other


@st.composite
def zones(draw, height, width):
    first_row = draw(st.integers(0, height - 1))
    first_col = draw(st.integers(0, width - 1))
    last_row = draw(st.integers(first_row, height - 1))
    last_col = draw(st.integers(first_col, width - 1))
    return Zone(draw(names), first_row, first_col, last_row, last_col)


@st.composite
def layouts(draw):
    """Any layout a file can hold: most of them no robot could work on."""
    shape = draw(arrays.array_shapes(min_dims=2, max_dims=2, max_side=7))
    kinds = draw(arrays.arrays(np.uint8, shape, elements=st.sampled_from(CellKind)))
    exits = draw(arrays.arrays(np.uint8, shape, elements=st.integers(0, ALL_EXITS)))
    exits[(kinds == CellKind.WALL) | (kinds == CellKind.RACK)] = ALL_EXITS
    polygon = st.lists(st.tuples(metres, metres), min_size=3, max_size=6).map(tuple)
    return Layout(
        name=draw(names),
        cell_size_m=draw(st.floats(0.01, 100)),
        kinds=kinds,
        exits=exits,
        zones=tuple(
            draw(st.lists(zones(*shape), max_size=3, unique_by=lambda zone: zone.name))
        ),
        obstacles=tuple(draw(st.lists(polygon, max_size=2))),
    )


@st.composite
def scenarios(draw):
    """Scenarios that can work: lone racks, each with floor all around it."""
    blocks = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    height, width = 2 * blocks[0] + 3, 2 * blocks[1] + 3
    kinds = np.full((height, width), CellKind.WALL, np.uint8)
    kinds[1:-1, 1:-1] = CellKind.FLOOR
    kinds[2:-2:2, 2:-2:2] = CellKind.RACK
    edge = draw(st.permutations(range(1, width - 1)))
    kinds[height - 2, edge[0]] = kinds[height - 2, edge[1]] = CellKind.DOCK
    kinds[1, edge[:3]] = CellKind.HOME
    layout = Layout(
        draw(names), draw(st.floats(1, 3)), kinds, np.full_like(kinds, ALL_EXITS)
    )
    drivable = np.flatnonzero(layout.drivable.ravel()).astype(np.int32)
    starts = layout.cells_of(CellKind.HOME)[: draw(st.integers(1, 3))]
    if draw(st.booleans()):
        count = draw(st.integers(1, 4))
        starts = np.array(draw(st.permutations(drivable.tolist()))[:count], np.int32)
    stations = tuple(
        Station(name, int(cell), draw(st.integers(1, 3)))
        for name, cell in zip(
            draw(st.lists(names, min_size=2, max_size=2, unique=True)),
            layout.cells_of(CellKind.DOCK),
            strict=True,
        )
    )
    skus = draw(st.lists(names, min_size=1, max_size=5, unique=True))
    count = len(skus)
    mass = st.lists(st.floats(1e-9, 1e-7), min_size=count, max_size=count)
    masses = draw(st.none() | mass)
    return Scenario(
        name=draw(names),
        layout=layout,
        sku_names=tuple(skus),
        stock=draw(stocks(layout, len(skus))),
        orders=draw(orders(len(skus))),
        fleet=Fleet(
            starts,
            draw(st.integers(1, 20)),
            draw(st.floats(0.1, 5)),
            draw(st.sampled_from(["omni", "rotate"])),
            draw(st.floats(0.1, 0.6)),
            draw(st.floats(0.1, 0.6)),
            draw(st.just(np.inf) if masses is None else st.floats(100, 1e6)),
        ),
        stations=stations,
        service=Service(*draw(st.tuples(*[st.floats(0, 100)] * 5))),
        sku_mass_kg=None if masses is None else np.array(masses),
    )


@st.composite
def stocks(draw, layout, skus):
    """Stock of which some is of SKU 0, which some order asks for."""
    racks = layout.cells_of(CellKind.RACK).tolist()
    pair = st.tuples(st.integers(0, skus - 1), st.sampled_from(racks))
    pairs = draw(st.lists(pair, max_size=8, unique=True))
    pairs = [(0, racks[0]), *[p for p in pairs if p != (0, racks[0])]]
    units = [draw(st.integers(0, 10**9)) for _ in pairs]
    units[0] += units[0] == 0
    order = draw(st.permutations(range(len(pairs))))
    columns = np.array([(*pairs[i], units[i]) for i in order], np.int32).T
    return Stock(*columns.copy())


@st.composite
def orders(draw, skus):
    order_names = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    count = len(order_names)
    lines = [(0, 0)]
    for order in range(count):
        wanted = draw(st.permutations(range(skus)))[: draw(st.integers(1, skus))]
        lines += [(order, sku) for sku in wanted if (order, sku) != (0, 0)]
    lines += [
        (order, 0) for order in range(count) if order not in {line[0] for line in lines}
    ]
    lines.sort(key=lambda line: line[0])
    quantity = [draw(st.integers(1, 10**9)) for _ in lines]
    seconds = st.one_of(st.just(0.0), st.floats(0, 1e7))
    due = st.one_of(st.just(np.inf), st.floats(0, 1e9))
    return Orders(
        names=tuple(order_names),
        release_s=np.array([draw(seconds) for _ in range(count)]),
        due_s=np.array([draw(due) for _ in range(count)]),
        priority=np.array([draw(st.integers(-9, 9)) for _ in range(count)], np.int32),
        line_order=np.array([line[0] for line in lines], np.int32),
        line_sku=np.array([line[1] for line in lines], np.int32),
        line_quantity=np.array(quantity, np.int32),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("round_trip")


@ONE_FOLDER
@given(layout=layouts())
def test_layout_comes_back(layout, folder):
    for name in ("layout.toml", "hall.toml"):
        write_layout(layout, folder / name)
        assert_same(read_layout(folder / name), layout)


def test_exits_are_beside_the_layout_only_where_marks_cannot_say_them(tmp_path):
    layout = Layout.from_rows(["#>.v#"])
    write_layout(layout, tmp_path / "layout.toml")
    assert [path.name for path in tmp_path.iterdir()] == ["layout.toml"]
    exits = layout.exits.copy()
    exits[0, 2] = 0b0011
    write_layout(Layout("l", 1.0, layout.kinds.copy(), exits), tmp_path / "hall.toml")
    assert (tmp_path / "hall_exits.csv").read_text() == "row,col,exits\n0,2,^>\n"


@ONE_FOLDER
@given(layout=layouts())
def test_map_keeps_what_can_be_driven_on(layout, folder):
    write_map(layout, folder / "floor.map")
    back = read_map(folder / "floor.map")
    np.testing.assert_array_equal(back.drivable, layout.drivable)
    assert_same(read_any_layout(folder / "floor.map"), back)


@ONE_FOLDER
@given(scenario=scenarios())
def test_scenario_comes_back(scenario, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenario")
    write_scenario(scenario, folder)
    assert_same(read_scenario(folder), scenario)


def test_scenario_with_pods_comes_back(tmp_path):
    scenario = pod_scenario("\n[horizon]\nwarm_up_s = 30\nend_s = 120\n")
    pods = replace(
        scenario.pods,
        names=scenario.pods.names[::-1],
        lift_s=2.5,
        acceleration_m_s2=0.7,
        station_s_per_visit=4.0,
        station_s_per_line=1.5,
        robot_s_per_unit=2.0,
        backlog=7,
    )
    scenario = replace(scenario, pods=pods)
    write_scenario(scenario, tmp_path)
    assert_same(read_scenario(tmp_path), scenario)


@pytest.mark.parametrize("battery", [BATTERY, replace(BATTERY, reserve=0.1, start=0.5)])
def test_scenario_with_batteries_comes_back(battery, tmp_path):
    scenario = battery_scenario(600.0, battery=battery)
    write_scenario(scenario, tmp_path)
    assert_same(read_scenario(tmp_path), scenario)


def test_a_battery_lifts_with_what_it_carries_where_nothing_else_is_said(tmp_path):
    write_scenario(battery_scenario(), tmp_path)
    path = tmp_path / "scenario.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(("lifting_w", "reserve"))]
    path.write_text("".join(kept), encoding="utf-8")
    expected = replace(BATTERY, lifting_w=BATTERY.carrying_w)
    assert read_scenario(tmp_path).fleet.battery == expected


def test_optional_files_and_columns_are_left_out(tmp_path):
    files = {**GOOD, "orders.csv": "sku,order,quantity\nB,O2,1\nA,O1,2\nC,O2,3\n"}
    scenario = read_scenario(write_folder(tmp_path / "in", files))
    assert scenario.orders.names == ("O2", "O1")
    write_scenario(scenario, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(GOOD)
    text = (tmp_path / "out" / "orders.csv").read_text(encoding="utf-8")
    assert text == "order,sku,quantity\nO2,B,1\nO2,C,3\nO1,A,2\n"
    settings_text = (tmp_path / "out" / "scenario.toml").read_text(encoding="utf-8")
    assert settings_text.count("packers") == 1


def test_byte_order_mark_and_windows_line_ends(tmp_path):
    plain = read_scenario(write_folder(tmp_path / "plain", {**GOOD}))
    for number, (end, codec) in enumerate([("\r\n", "utf-8-sig"), ("\r", "utf-8")]):
        files = {n: t.replace("\n", end).encode(codec) for n, t in GOOD.items()}
        other = read_scenario(write_folder(tmp_path / str(number), files))
        assert_same(other, plain)


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "taken").write_text("a file, no folder")
    for write in (write_layout, write_map):
        with pytest.raises(InputError) as caught:
            write(Layout.from_rows(["."]), tmp_path / "taken" / "x.toml")
        assert caught.value.code == "E107"


NASTY = [
    *(b"\x00", b"\xff", b"\xef\xbb\xbf", b"\r", b"\n\n", b'"', b"'''", b",,", b"="),
    *(b"[[", b"]", b"nan", b"inf", b"-1", b"1e999", b"9" * 30, b"0x" + b"f" * 400),
    *(b"#", b"S", b"H", b"P", b"o", b">", b"?", "\u2028\u0663\ufeff".encode(), b"true"),
    *(b"../", b"exits = 'stock.csv'\n", b"[fleet]\n", b"\x1b[2J", b"1979-05-27"),
]


def mutate(data: bytes, edits: list[tuple[float, int, bytes, int]]) -> bytes:
    """Cut out and put in bytes: at a share of the length, how many, what, how often."""
    for share, cut, put, times in edits:
        at = int(share * len(data))
        data = data[:at] + put * times + data[at + cut :]
    return data


edit_lists = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.sampled_from([0, 0, 1, 1, 2, 10, 400]),
        st.one_of(st.sampled_from(NASTY), st.binary(max_size=3), st.just(b"")),
        st.sampled_from([1, 1, 1, 2, 500]),
    ),
    min_size=1,
    max_size=4,
)
EXTRA = {
    "skus.csv": "sku,mass_kg\nA,1\nB,\nC,0.5\n",
    "robots.csv": "robot,row,col\nR1,1,1\nR2,4,4\n",
    "exits.csv": "row,col,exits\n1,1,>v\n4,4,<>^\n",
}


@settings(max_examples=200)
@given(edits=st.dictionaries(st.sampled_from([*GOOD, *EXTRA]), edit_lists, min_size=1))
def test_damaged_folders_are_read_or_refused_and_never_crash(edits, tmp_path_factory):
    files = {**GOOD, **EXTRA}
    head = 'skus = "skus.csv"\nrobots = "robots.csv"\n'
    files["scenario.toml"] = head + files["scenario.toml"]
    files["layout.toml"] = 'exits = "exits.csv"\n' + files["layout.toml"]
    damaged = {
        name: mutate(text.encode(), edits.get(name, [])) for name, text in files.items()
    }
    folder = write_folder(tmp_path_factory.mktemp("damaged"), {**damaged})
    try:
        scenario = read_scenario(folder)
    except InputError as error:
        assert error.faults
        assert "\x1b" not in str(error)
    else:
        assert scenario.orders.lines > 0


@given(edits=edit_lists)
def test_damaged_maps_are_read_or_refused_and_never_crash(edits, tmp_path_factory):
    text = b"type octile\nheight 2\nwidth 3\nmap\n.@.\n..T\n"
    path = tmp_path_factory.mktemp("maps") / "floor.map"
    path.write_bytes(mutate(text, edits))
    try:
        layout = read_map(path)
    except InputError as error:
        assert error.faults
    else:
        assert layout.kinds.size > 0
