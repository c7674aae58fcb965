"""Faults on purpose: the product's own processes are killed while it works, then everything is counted.

`python -m tests.faults --kills 500 --database sqlite` runs it; see docs/reliability.md.
"""
