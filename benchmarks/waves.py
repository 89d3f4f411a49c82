"""Waves: published instances beside their best known values, and simple methods."""

from functools import partial

import numpy as np

from benchmarks.registry import ORDERS, Run, spec
from solvers.result import Status, Stop
from solvers.waves.problem import Method, Wave, WaveParams
from solvers.waves.published import wave_problem
from solvers.waves.solve import load_kernels, solve
from warehouse.check.wave import check_wave
from warehouse.formats.sbpo import SbpoInstance, read_sbpo_set
from warehouse.formats.sbpo_values import read_best_known

DATA = "orders/sbpo2025"
SETS = ("a", "b")
LIMIT_S = 60.0
ALONE_LIMIT_S = 20.0
SMOKE_LIMIT_S = 0.5
SMOKE_EVERY = 5


def _measure(run: Run, method: Method) -> dict[str, float]:
    """Solve all instances one after another, and hold each wave against the rules."""
    known = read_best_known(run.data / "best_objectives.csv")
    load_kernels()
    limit_s = LIMIT_S if method == "auto" else ALONE_LIMIT_S
    if run.smoke:
        limit_s = SMOKE_LIMIT_S
    numbers: dict[str, float] = {}
    shares, gaps, times, proved = [], [], [], 0
    for name in SETS:
        instances = list(read_sbpo_set(run.data / f"datasets_{name}.tgz"))
        reached = better = 0
        for instance in instances[:: SMOKE_EVERY if run.smoke else 1]:
            result = solve(
                wave_problem(instance),
                Stop(time_limit_s=limit_s),
                seed=run.seed,
                params=WaveParams(method=method),
            )
            _refuse_wrong(instance, result.solution)
            best = known[name, instance.name]
            reached += result.objective >= best - 1e-6
            better += result.objective > best + 1e-6
            shares.append(result.objective / best)
            gaps.append(100 * result.gap)
            times.append(result.runtime_s)
            proved += result.status == Status.OPTIMAL
        numbers |= {f"{name}_best_known": reached, f"{name}_better": better}
    return numbers | {
        "mean_share": float(np.mean(shares)),
        "least_share": min(shares),
        "proved": float(proved),
        "mean_gap_percent": float(np.mean(gaps)),
        "instances": float(len(shares)),
        "longest_s": max(times),
    }


def _refuse_wrong(instance: SbpoInstance, wave: Wave | None) -> None:
    if wave is None:
        raise RuntimeError(f"no wave for {instance.name}")
    violations = check_wave(instance, wave.orders, wave.aisles)
    if violations:
        raise RuntimeError(f"{instance.name}: {violations[0]}")


def _register() -> None:
    words: dict[Method, str] = {
        "auto": "35 published waves, 60 s each: share of the best known",
        "annealing": "Waves by annealing alone, without CP-SAT, 20 s each",
        "cp-sat": "Waves by CP-SAT alone, from the greedy wave, 20 s each",
        "greedy": "Waves by greedy closing; a bound has a fifth of the time",
    }
    for method, text in words.items():
        name = "waves" if method == "auto" else f"waves-{method}"
        measure = partial(_measure, method=method)
        spec(name, text, needs_data=DATA, seeds=(0,), group=ORDERS)(measure)


_register()
