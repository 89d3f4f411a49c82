"""Packing: how boxes lie in a container, and which cartons an order goes into."""
