"""What a plan does not serve, line by line."""

from viz.clock import count
from warehouse.metrics import Metrics
from warehouse.plan import REASON_TEXT, UnservedReason


def unserved_lines(metrics: Metrics) -> list[str]:
    """Return units that are not served, with the reason; a line for each reason."""
    return [
        f"unserved     {count(units, 'unit')}: "
        f"{REASON_TEXT[UnservedReason[reason.upper()]]}"
        for reason, units in metrics.unserved_units.items()
        if units
    ]
