"""Fewest pod visits for a few orders of which all is known."""
