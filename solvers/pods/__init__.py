"""Goods to person: pods that robots carry to stations, planned step by step."""
