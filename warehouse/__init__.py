"""What a warehouse is and what a plan is.

Layout, grid graph, distances, stock, orders, fleet, stations, scenario, plan,
the independent checker, metrics and the readers and writers of files.
Imports neither ``solvers`` nor ``viz``.
"""

from warehouse.version import __version__

__all__ = ["__version__"]
