"""The mechanics of the programming interface: tokens, errors, pages of rows, answers kept once.

A room's `api.py` declares its operations on a `Room`; the web mounts the rooms under `/api/v1`.
This package names no noun of the product: what exists and who may see it is the rooms' to say.
"""
