"""Order batching: which orders ride together in one trip."""
