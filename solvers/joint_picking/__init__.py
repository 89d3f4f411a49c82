"""Joint picking: choose orders and stock, group the items, and walk them."""
