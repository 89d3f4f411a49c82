"""How plans are found: one folder per decision, and the command line.

Every solver takes a small problem of arrays in the field's own terms, so that
someone without a warehouse scenario can call it too.
"""
