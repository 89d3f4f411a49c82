"""Seeded generators of layouts and scenarios, like the ones that ship."""

from warehouse.generate.layout import generate_layout
from warehouse.generate.params import LayoutParams, ScenarioParams
from warehouse.generate.pod_layout import generate_pod_layout
from warehouse.generate.pod_params import PodLayoutParams, PodScenarioParams
from warehouse.generate.pod_scenario import generate_pod_scenario
from warehouse.generate.scenario import generate_scenario
from warehouse.generate.shipping import ShippingParams, add_shipping

__all__ = [
    "LayoutParams",
    "PodLayoutParams",
    "PodScenarioParams",
    "ScenarioParams",
    "ShippingParams",
    "add_shipping",
    "generate_layout",
    "generate_pod_layout",
    "generate_pod_scenario",
    "generate_scenario",
]
