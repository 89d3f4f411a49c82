"""Tests of the replay, its pictures and the report."""
