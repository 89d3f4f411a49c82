"""``aislewise check``: hold a plan against every rule."""

from solvers.cli.console import MOST_FAULTS, Console
from solvers.cli.options import JsonOption, PlanArgument, example

EXAMPLE = example("aislewise check demo.plan.npz")


def check(plan: PlanArgument, json_output: JsonOption = False) -> None:
    """Check a plan against every rule, by code that knows no solver.

    Exit code 0 if nothing is violated, 3 if something is, 1 if the file cannot be
    read or was edited in a way that breaks no rule.
    """
    with Console(json_output) as console:
        from viz.clock import count
        from warehouse.check import check_plan
        from warehouse.formats.plan_file import read_plan

        violations = check_plan(read_plan(plan, verify=False))
        if not violations:
            read_plan(plan)  # refuses a file that was changed after it was written
        console.answer = {
            "plan": str(plan),
            "ok": not violations,
            "violations": [str(violation) for violation in violations],
        }
        for violation in violations[:MOST_FAULTS]:
            console.say(str(violation))
        if len(violations) > MOST_FAULTS:
            console.say(f"... and {len(violations) - MOST_FAULTS} more")
        if violations:
            console.say(f"{plan}: {count(len(violations), 'violation')}")
            console.exit_code = 3
        else:
            console.say(f"{plan}: no rule is broken")
