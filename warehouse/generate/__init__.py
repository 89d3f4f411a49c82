"""Seeded generators of layouts and scenarios, like the ones that ship."""

from warehouse.generate.layout import generate_layout
from warehouse.generate.params import LayoutParams, ScenarioParams
from warehouse.generate.scenario import generate_scenario

__all__ = ["LayoutParams", "ScenarioParams", "generate_layout", "generate_scenario"]
