"""Fleets that serve lists of stops, one after another, for the fulfilment loop."""
