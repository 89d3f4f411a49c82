"""Models of delay: as often and as long as they say, the same for the same seed."""

from itertools import islice

import numpy as np
import pytest

from warehouse.errors import WarehouseError
from warehouse.execution import Breakdowns, LorrDelays, RandomDelays, RecordedDelays

MODELS = [
    RandomDelays(0.2),
    Breakdowns(steps=30, robots=3, within=100),
    LorrDelays(0.02, 2, 6),
    LorrDelays(0.02, 2, 6, "poisson", "gaussian"),
    RecordedDelays((((3, 700),), ((255, 257),))),
]


def table(model, robots=60, seed=1, blocks=6):
    return np.concatenate(list(islice(model.blocks(robots, seed), blocks)))


def lengths(late):
    """Lengths of the stretches in which a robot is late."""
    edges = np.diff(late.astype(int).T, prepend=0, append=0)
    return np.flatnonzero(edges.ravel() < 0) - np.flatnonzero(edges.ravel() > 0)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_same_seed_same_delays(model):
    assert np.array_equal(table(model), table(model))
    if not isinstance(model, RecordedDelays):
        assert not np.array_equal(table(model), table(model, seed=2))


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5])
def test_shares_are_kept(share):
    assert table(RandomDelays(share)).mean() == pytest.approx(share, abs=0.02)
    for longest in (1, 4, 9):
        model = LorrDelays.of_share(share, max_delay=longest)
        assert table(model).mean() == pytest.approx(share, abs=0.03)


def test_lorr_delays_last_as_long_as_they_may():
    rare = LorrDelays(0.001, 2, 6)
    assert set(lengths(table(rare, robots=200)).tolist()) >= {2, 3, 4, 5, 6}
    assert lengths(table(rare, robots=200)).min() == 2
    always = LorrDelays(0.001, 3, 3, duration_model="gaussian")
    assert np.median(lengths(table(always, robots=200))) == 3
    middle = LorrDelays(0.001, 1, 9, "poisson", "gaussian", 0.5, 0.1)
    assert np.mean(lengths(table(middle, robots=200))) == pytest.approx(5, abs=0.5)


def test_poisson_hits_as_many_as_expected():
    model = LorrDelays(0.02, 1, 1, "poisson")
    assert table(model, robots=100).mean() == pytest.approx(0.02, abs=0.004)


def test_a_delay_may_follow_at_once_as_in_the_start_kit():
    assert table(LorrDelays(1.0, 2, 2)).all()


def test_breakdowns_are_once_each():
    late = table(Breakdowns(steps=300, robots=3, within=50))
    assert sorted(late.sum(axis=0).tolist())[-4:] == [0, 300, 300, 300]
    assert sorted(lengths(late).tolist()) == [300] * 3
    assert table(Breakdowns(steps=5, robots=99), robots=2).sum() == 10


def test_records_cross_blocks():
    late = table(RecordedDelays((((3, 700),), ((255, 257),))))
    assert np.flatnonzero(late[:, 0]).tolist() == list(range(3, 700))
    assert np.flatnonzero(late[:, 1]).tolist() == [255, 256]
    assert not late[:, 2:].any()


@pytest.mark.parametrize(
    "make",
    [
        lambda: RandomDelays(1.0),
        lambda: RandomDelays(-0.1),
        lambda: Breakdowns(steps=-1),
        lambda: Breakdowns(steps=1, robots=-1),
        lambda: Breakdowns(steps=1, within=0),
        lambda: LorrDelays(1.5),
        lambda: LorrDelays(0.1, 0, 3),
        lambda: LorrDelays(0.1, 3, 2),
        lambda: LorrDelays(0.1, gauss_mean_ratio=2.0),
        lambda: LorrDelays(0.1, gauss_std_ratio=-1.0),
        lambda: LorrDelays(0.1, agent_counter=0),
        lambda: LorrDelays.of_share(1.0),
        lambda: RecordedDelays((), 0),
    ],
)
def test_numbers_out_of_range_are_refused(make):
    with pytest.raises(WarehouseError, match="E302"):
        make()
