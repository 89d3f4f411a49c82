"""How plans are seen: replay, window, pictures, films and the report.

Reads a `warehouse.plan.Plan` and nothing else; knows no solver.
"""

import os

# pygame greets on stdout when imported; stdout belongs to the command line.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
