"""``aislewise solve``: one decision problem on published instances."""

import typer

from solvers.cli import (
    solve_batch,
    solve_cartons,
    solve_lifelong,
    solve_mapf,
    solve_pick,
    solve_schedule,
    solve_totes,
    solve_wave,
)
from solvers.cli.options import example
from solvers.cli.solve_tour import tour

app = typer.Typer(
    help="Solve one decision problem on an instance or a set of them.",
    no_args_is_help=True,
)


@app.callback()
def _solve() -> None:
    pass


app.command(
    epilog=example(
        "aislewise solve tour unit_F1_m5_C30_a3_0.txt",
        "aislewise solve tour sprp.tgz --blocks 2 --compare results_two_block.csv.gz",
        "aislewise solve tour instances/ --method s-shape -o tours.json",
    )
)(tour)
app.command(epilog=solve_batch.EXAMPLE)(solve_batch.batch)
app.command(epilog=solve_mapf.EXAMPLE)(solve_mapf.mapf)
app.command(epilog=solve_lifelong.EXAMPLE)(solve_lifelong.lifelong)
app.command(epilog=solve_wave.EXAMPLE)(solve_wave.wave)
app.command(epilog=solve_pick.EXAMPLE)(solve_pick.pick)
app.command(epilog=solve_cartons.EXAMPLE)(solve_cartons.cartons)
app.command(epilog=solve_totes.EXAMPLE)(solve_totes.totes)
app.command(epilog=solve_schedule.EXAMPLE)(solve_schedule.schedule)
