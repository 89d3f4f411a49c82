"""The checker of loads and cartons: a good one passes, each damage is named."""

from dataclasses import replace

import pytest

from warehouse.check.cartons import CARTON_RULES, GivenCarton, check_cartons
from warehouse.check.load import LOAD_RULES, WAYS, GivenBox, LaidBox, check_load

FLAT = frozenset({"XYZ", "YXZ"})
GIVEN = [
    GivenBox((4, 2, 2), 3, FLAT, 1.0),
    GivenBox((2, 2, 1), 2, frozenset(WAYS), 0.5, fragile=True),
]
# Two side by side, one across both, and a fragile one on top.
LAID = [
    LaidBox(0, (4, 2, 2), (0, 0, 0)),
    LaidBox(0, (4, 2, 2), (0, 2, 0)),
    LaidBox(0, (2, 4, 2), (0, 0, 2)),
    LaidBox(1, (2, 2, 1), (0, 0, 4)),
]
SIZE = (4, 4, 5)
CATALOGUE = [GivenCarton(SIZE, 4.0, 2.5), GivenCarton((2, 2, 2), 1.0, 1.0)]
ORDER = [GIVEN[0], replace(GIVEN[1], copies=1)]


def rules_of(laid, **more):
    limits = {"max_mass_kg": 4.0, "support": 1.0} | more
    return {v.rule for v in check_load(GIVEN, SIZE, laid, **limits)}


def moved(number, **change):
    return [
        replace(box, **change) if number == at else box for at, box in enumerate(LAID)
    ]


def test_a_good_load_breaks_nothing():
    assert rules_of(LAID) == set()
    assert rules_of([]) == set()


DAMAGE = {
    "box-kind": moved(3, kind=2),
    "box-count": [*LAID, LaidBox(0, (2, 4, 2), (2, 0, 2))],
    "box-rotation": moved(0, edges=(2, 2, 4)),
    "box-outside": moved(0, corner=(1, 0, 0)),
    "box-overlap": moved(1, corner=(0, 1, 0)),
    "box-support": moved(3, corner=(1, 0, 4)),
    "box-mass": [*LAID, LaidBox(1, (2, 2, 1), (0, 2, 4))],
    "box-fragile": [
        LaidBox(1, (2, 2, 1), (0, 0, 0)), LaidBox(1, (2, 2, 1), (0, 0, 1))
    ],
    "box-order": [LAID[2], LAID[0], LAID[1], LAID[3]],
}  # fmt: skip


@pytest.mark.parametrize("rule", LOAD_RULES)
def test_each_damage_is_named(rule):
    limit = 3.8 if rule == "box-mass" else 4.0
    assert rule in rules_of(DAMAGE[rule], max_mass_kg=limit)


@pytest.mark.parametrize(
    "rule", ["box-kind", "box-support", "box-mass", "box-fragile", "box-order"]
)
def test_these_damages_break_one_rule_alone(rule):
    limit = 3.8 if rule == "box-mass" else 4.0
    assert rules_of(DAMAGE[rule], max_mass_kg=limit) == {rule}


def test_support_is_a_share():
    laid = moved(3, corner=(1, 0, 4))
    assert rules_of(laid, support=0.5) == set()
    assert rules_of(laid, support=0.51) == {"box-support"}
    assert rules_of([LaidBox(0, (4, 2, 2), (0, 0, 1))], support=0.0) == set()


def test_touching_is_no_overlap_and_above_counts_without_touching():
    floating = [LaidBox(1, (2, 2, 1), (0, 0, 0)), LaidBox(1, (2, 2, 1), (1, 1, 3))]
    assert rules_of(floating, support=0.0) == {"box-fragile"}
    beside = [floating[0], LaidBox(1, (2, 2, 1), (2, 0, 3))]
    assert rules_of(beside, support=0.0) == set()


def carton_rules(packed, cost=2.5, left_out=()):
    found = check_cartons(
        ORDER, CATALOGUE, packed, cost, left_out=left_out, support=1.0
    )
    return {violation.rule for violation in found}


def test_good_cartons_break_nothing():
    assert carton_rules([(0, LAID)]) == set()
    assert carton_rules([(0, LAID[:3]), (1, [LaidBox(1, (2, 2, 1), (0, 0, 0))])],
                        3.5) == set()  # fmt: skip


CARTON_DAMAGE = {
    "carton-kind": ([(2, LAID)], 2.5, ()),
    "carton-empty": ([(0, LAID), (1, [])], 3.5, ()),
    "unit-missing": ([(0, LAID[:3])], 2.5, ()),
    "unit-twice": ([(0, LAID)], 2.5, (1, 0)),
    "carton-cost": ([(0, LAID)], 2.4, ()),
}


@pytest.mark.parametrize("rule", CARTON_RULES)
def test_each_damage_of_cartons_is_named(rule):
    assert rule in carton_rules(*CARTON_DAMAGE[rule])


def test_units_that_are_left_out_by_name_are_not_missed():
    assert carton_rules([(0, LAID[:3])], left_out=(0, 1)) == set()


def test_a_broken_load_is_named_with_its_carton():
    found = check_cartons(ORDER, CATALOGUE, [(0, moved(0, corner=(1, 0, 0)))], 2.5)
    assert "carton 0: box 0 reaches from 1 to 5 of 4 in length" in [
        violation.message for violation in found
    ]
