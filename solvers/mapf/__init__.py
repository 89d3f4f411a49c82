"""Multi-agent path finding: where every robot is at every timestep."""
