"""Readers and writers, one file per format.

A reader looks at everything it can before it gives up: it collects every
`warehouse.errors.Fault` and raises one `warehouse.errors.InputError` with all of
them. Functions named ``parse_...`` add to a list of faults that the caller owns;
functions named ``read_...`` raise.
"""
