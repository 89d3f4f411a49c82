"""Pick tours: in which order, from which cells, along which aisles."""
