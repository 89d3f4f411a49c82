"""Totes on robots, and shelves with the same SKUs at many places: short trips."""
