"""Lower bounds: what no plan can beat."""
