"""One-shot path finding: every robot has one start and one goal."""
