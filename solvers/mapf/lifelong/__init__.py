"""Lifelong path finding: robots get new goals as they reach old ones."""
