"""Pods, orders and robots of a site, one object each where kernels have rows."""

from dataclasses import dataclass, field
from math import inf

from solvers.pods.arrays import HIDDEN, IDLE


@dataclass(eq=False)
class Item:
    index: int
    sku: int
    left: int


@dataclass(eq=False)
class Pod:
    index: int
    items: list[Item]
    spot: int | None
    in_use: bool = False


@dataclass(eq=False)
class Line:
    index: int
    order: "Order"
    sku: int
    left: int
    promised: int = 0
    begun: bool = False

    @property
    def need(self):
        return self.left - self.promised

    @property
    def may_leave(self):
        return self.left > 0 and self.promised == 0 and not self.begun


@dataclass(eq=False)
class Order:
    index: int
    release_s: float
    known_s: float = 0.0
    due_s: float = inf
    all_lines: list[Line] = field(default_factory=list)  # those of its parts too
    parts: list["Order"] = field(default_factory=list)
    given: "Order | None" = None  # of a part
    state: int = HIDDEN
    station: int | None = None
    pinned: bool = False
    slot: int | None = None
    open_s: float = inf
    close_s: float = inf

    @property
    def lines(self):
        lines = (self.given or self).all_lines
        return [line for line in lines if line.order is self]

    @property
    def unpromised(self):
        return sum(line.need for line in self.lines)


@dataclass(eq=False)
class Robot:
    index: int
    phase: int = IDLE
    begun: int = 0
    until: int = 0
    pod: Pod | None = None
    station: int | None = None
    trip: int | None = None
    visit: int | None = None
    rows: list[tuple[Line, Item, int]] = field(default_factory=list)
    done: int = 0
    goal: int | None = None
    level_wh: float = inf
    charger: int | None = None
    stay: int | None = None
