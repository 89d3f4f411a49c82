"""Waves: which orders to release now, so that few aisles serve many units."""
