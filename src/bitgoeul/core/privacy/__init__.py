"""What is kept about people: every table says so itself, and what may be asked of it follows.

A room declares its tables in `models/privacy.py`, a part of the core in its `privacy.py`; the
settings name the module that speaks for the libraries' tables. From these declarations come the
list in `docs/privacy.md`, what a person's request for erasure meets, and the retention job.
"""
