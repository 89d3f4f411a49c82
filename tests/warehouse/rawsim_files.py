"""Small files in RAWSim-O's formats and those of the RAFS data, written here."""

from pathlib import Path

from warehouse.grid import Grid
from warehouse.layout import COL_STEP, ROW_STEP, CellKind, Layout

PITCH_X, PITCH_Y = 1.0571, 1.1022
"""Metres between waypoints across and up, not quite alike, as in old instances."""

ROWS = [
    "..........#",
    ".oo.oo.oo.#",
    ".oo.oo.oo.#",
    ".........v#",
    "........P<#",
]
PODS = [(1, 1), (1, 4), (2, 2), (2, 5), (1, 8)]
ROBOTS = [(0, 0), (3, 2)]


def point(row: int, col: int) -> tuple[float, float]:
    return round(0.52 + col * PITCH_X, 4), round(20 - row * PITCH_Y, 4)


def instance_text(
    rows: list[str] = ROWS,
    pods: list[tuple[int, int]] = PODS,
    robots: list[tuple[int, int]] = ROBOTS,
    filled_at: int = 0,
) -> str:
    """Return an ``.xinst`` of a map; all but walls are waypoints.

    At the last ``filled_at`` docks pods are filled.
    """
    layout = Layout.from_rows(rows)
    grid = Grid.from_layout(layout)
    every_dock = layout.cells_of(CellKind.DOCK).tolist()
    docks = every_dock[: len(every_dock) - filled_at]
    fill = 'Capacity="1000" ItemBundleTransferTime="9"'

    def spot(number: int, tag: str, place: tuple[int, int], more: str) -> str:
        x, y = point(*place)
        return f'<{tag} ID="{number}" X="{x}" Y="{y}" Radius="0.4" Tier="0" {more}/>'

    waypoints = []
    for cell in range(grid.cells):
        if not grid.drivable[cell]:
            continue
        row, col = layout.row_col(cell)
        x, y = point(row, col)
        stored = layout.kinds[row, col] == CellKind.POD_SPOT
        station = docks.index(cell) if cell in docks else -1
        paths = "".join(
            f"<Waypoint>{cell + ROW_STEP[d] * layout.width + COL_STEP[d]}</Waypoint>"
            for d in range(4)
            if grid.successors[cell, d] >= 0
        )
        waypoints.append(
            f'<Waypoint ID="{cell}" X="{x}" Y="{y}" Tier="0" OutputStation="{station}" '
            f'InputStation="-1" Elevator="-1" Pod="-1" '
            f'PodStorageLocation="{str(bool(stored)).lower()}" '
            f'IsQueueWaypoint="false"><Paths>{paths}</Paths></Waypoint>'
        )
    bot = 'PodTransferTime="3" MaxAcceleration="0.5" MaxVelocity="1.5" TurnSpeed="2.5"'
    work = 'Capacity="5" ItemTransferTime="8"'
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<Instance Name="tiny">',
        "<Bots>",
        *(spot(k, "Bot", place, bot) for k, place in enumerate(robots)),
        "</Bots>",
        "<Pods>",
        *(spot(k, "Pod", place, 'Capacity="9"') for k, place in enumerate(pods)),
        "</Pods>",
        "<Elevators />",
        "<OutputStations>",
        *(
            spot(k, "OutputStation", layout.row_col(cell), work)
            for k, cell in enumerate(docks)
        ),
        "</OutputStations>",
        "<InputStations>",
        *(
            spot(k, "InputStation", layout.row_col(cell), fill)
            for k, cell in enumerate(every_dock[len(docks) :])
        ),
        "</InputStations>",
        "<Waypoints>",
        *waypoints,
        "</Waypoints>",
        "</Instance>",
    ]
    return "\n".join(parts) + "\n"


LAYOUT_CONFIGURATION = """\
<?xml version="1.0" encoding="utf-8"?>
<LayoutConfiguration>
  <TierCount>1</TierCount>
  <BotCount>6</BotCount>
  <MaxAcceleration>0.5</MaxAcceleration>
  <MaxVelocity>1.5</MaxVelocity>
  <TurnSpeed>2.5</TurnSpeed>
  <PodTransferTime>3</PodTransferTime>
  <PodAmount>0.75</PodAmount>
  <ItemTransferTime>10</ItemTransferTime>
  <ItemPickTime>3</ItemPickTime>
  <OStationCapacity>12</OStationCapacity>
  <AislesTwoDirectional>false</AislesTwoDirectional>
  <NrHorizontalAisles>4</NrHorizontalAisles>
  <NrVerticalAisles>2</NrVerticalAisles>
  <HorizontalLengthBlock>4</HorizontalLengthBlock>
  <NPickStationEast>2</NPickStationEast>
  <NPickStationNorth>1</NPickStationNorth>
</LayoutConfiguration>
"""

# A U of way around two pick locations, a station at its left end; metres that are
# no whole cells, waypoint 5 without a way back, waypoint 9 without any path.
_RAFS_POINTS = {
    0: (0.45, 0.45, ""),
    1: (3.9, 0.45, ""),
    2: (4.8, 0.45, 'PickLocation="0" PodStorageLocation="true"'),
    3: (5.7, 0.45, 'PickLocation="1" PodStorageLocation="true"'),
    4: (9.15, 0.45, ""),
    5: (9.15, 2.6, ""),
    6: (0.45, 2.6, 'OutputStation="0"'),
    9: (20.0, 20.0, 'ChargingStation="100"'),
}
_RAFS_PATHS = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (6, 0), (6, 5)]
RAFS_LAYOUT = (
    '<?xml version="1.0" ?>\n<Instance>\n<Waypoints>\n'
    + "\n".join(
        f'<Waypoint ID="{k}" X="{x}" Y="{y}" Tier="0" {more}><Paths>'
        + "".join(f"<Waypoint>{b}</Waypoint>" for a, b in _RAFS_PATHS if a == k)
        + "".join(
            f"<Waypoint>{a}</Waypoint>" for a, b in _RAFS_PATHS if b == k and k != 5
        )
        + "</Paths></Waypoint>"
        for k, (x, y, more) in _RAFS_POINTS.items()
    )
    + """
</Waypoints>
<Bots><Bot ID="0" X="0.45" Y="2.6" MaxVelocity="1.5" TurnSpeed="2.5" Capacity="5"/>
</Bots>
<Pods>
<Pod ID="10" X="4.8" Y="2.6" PickLocation="0"/>
<Pod ID="11" X="5.7" Y="2.6" PickLocation="1"/>
<Pod ID="12" X="4.8" Y="-1.7" PickLocation="0"/>
</Pods>
<OutputStations>
<OutputStation ID="0" X="0.45" Y="2.6" Capacity="12" ItemTransferTime="10" \
ItemPickTime="3"/>
</OutputStations>
</Instance>
"""
)
RAFS_PODS = """\
10;4.8/2.6;red/a/4;blue/b/9;
11;5.7/2.6;red/a/9;
12;4.8/-1.7;green/c/2;
"""
RAFS_ORDERS = """\
<?xml version="1.0" ?>
<OrderList>
<ItemDescriptions>
<ItemDescription Color="red" ID="0" Letter="a" Type="Letter" Weight="1.5"/>
<ItemDescription Color="blue" ID="1" Letter="b" Type="Letter" Weight="0.5"/>
</ItemDescriptions>
<Orders>
<Order TimeStamp=""><Positions>
<Position Count="1" ItemDescriptionID="0"/><Position Count="2" ItemDescriptionID="1"/>
<Position Count="1" ItemDescriptionID="0"/>
</Positions></Order>
<Order TimeStamp="30"><Positions>
<Position Count="1" ItemDescriptionID="1"/>
</Positions></Order>
</Orders>
</OrderList>
"""


def write_rafs(folder: Path, **changed: str) -> tuple[Path, Path, Path]:
    """Write the three files, some changed: ``layout``, ``pods`` or ``orders``."""
    texts = {"layout": RAFS_LAYOUT, "pods": RAFS_PODS, "orders": RAFS_ORDERS} | changed
    paths = folder / "layout.xml", folder / "pods.txt", folder / "orders.xml"
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths
