"""Faults on purpose: the working product is killed by its parts, then everything is counted.

`python -m tests.faults --kills 500 --database sqlite` runs it; see docs/reliability.md.
"""
