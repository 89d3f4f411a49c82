"""Racks and pods on one floor, with robots that carry totes and others for pods."""
