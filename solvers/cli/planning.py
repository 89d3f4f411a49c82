"""From a scenario to a checked plan, as ``plan`` and ``demo`` both do it."""

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from solvers.cli.options import Decisions, Objective, Partial, PodMatching, PodRule
from solvers.cli.progress import Progress
from warehouse.errors import Fault, InputError, SolverError

if TYPE_CHECKING:
    from solvers.result import Result
    from warehouse.plan import Plan
    from warehouse.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Outcome:
    """A plan, how it was found, and what the checker has against it."""

    plan: "Plan"
    result: "Result[Plan]"
    violations: tuple[str, ...]

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended the search."""
        from solvers.result import Termination

        return self.result.termination is Termination.INTERRUPTED


def refuse_unused(
    scenario: "Scenario", *, pods: dict[str, bool], totes: dict[str, bool]
) -> None:
    """Refuse options that say something which would not be looked at.

    Parameters
    ----------
    scenario : Scenario
    pods, totes : dict of str to bool
        Options that count only where robots carry pods, or totes, and whether each was
        given a value other than its default.

    Raises
    ------
    InputError
        E912, one fault for each option.

    Examples
    --------
    >>> from layouts import folder
    >>> from warehouse.formats.scenario_folder import read_scenario
    >>> small = read_scenario(folder("small"))
    >>> refuse_unused(small, pods={"--pod-rules": False}, totes={"--partial": True})
    >>> refuse_unused(small, pods={"--pod-rules": True}, totes={})
    Traceback (most recent call last):
    warehouse.errors.InputError: E912 --pod-rules: the robots of small carry totes; \
leave it out: it is for sites with pods
    """
    carried, other, unused = ("totes", "pods", pods)
    if scenario.is_mixed:
        unused = pods | {name: totes[name] for name in totes if name != "--iterations"}
        carried, other = "totes and pods", "one of them alone"
    elif scenario.pods is not None:
        carried, other, unused = ("pods", "totes", totes)
    found = f"the robots of {scenario.name} carry {carried}"
    needed = f"leave it out: it is for sites with {other}"
    faults = [
        Fault("E912", name, found, needed) for name, given in unused.items() if given
    ]
    if faults:
        raise InputError(faults)


def plan_and_check(
    scenario: "Scenario",
    *,
    time_limit_s: float | None,
    iterations: int | None,
    seed: int,
    objective: Objective = Objective.throughput,
    partial: Partial = Partial.ship,
    decisions: Decisions = Decisions.joint,
    pod_rules: PodRule = PodRule.joint,
    pod_robots: PodMatching = PodMatching.nearest,
    pod_spots: PodMatching = PodMatching.nearest,
    split_s: float | None = None,
) -> Outcome:
    """Plan a scenario and hold the plan against every rule.

    Ctrl-C during the search ends it with the best plan so far: the solver sees to
    that. A second one, or one after the search, stops the command.

    Raises
    ------
    SolverError
        If no plan could be made at all.
    """
    from solvers.fulfilment import FulfilmentParams, plan_scenario
    from solvers.mixed.planner import plan_mixed
    from solvers.pods.params import PodParams
    from solvers.pods.planner import plan_pods
    from solvers.result import Stop
    from solvers.site_kernels import Planner, load_kernels
    from warehouse.check import check_plan

    planner: Planner = plan_mixed
    if scenario.pods is None:
        params = FulfilmentParams(
            objective=objective.value,
            partial=partial.value,
            decisions=decisions.value,
        )
        planner = functools.partial(plan_scenario, params=params)
    elif not scenario.is_mixed:
        pod_params = PodParams(
            rules=pod_rules.value,
            robots=pod_robots.value,
            spots=pod_spots.value,
            split_s=split_s,
        )
        planner = functools.partial(plan_pods, params=pod_params)
    with Progress() as progress:
        if time_limit_s is not None:
            progress(0.0, "compiling")
            load_kernels(planner, scenario)
        stop = Stop(time_limit_s, iterations)
        result = planner(scenario, stop, seed=seed, on_progress=progress)
    if result.solution is None:
        raise SolverError("E910", f"no plan was found: {result.summary()}")
    violations = tuple(str(violation) for violation in check_plan(result.solution))
    return Outcome(result.solution, result, violations)
