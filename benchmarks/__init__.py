"""Measured claims: named specs with a frozen protocol. Not part of the wheel.

``python -m benchmarks --list`` names them; `benchmarks.registry` says how to add
one.
"""
