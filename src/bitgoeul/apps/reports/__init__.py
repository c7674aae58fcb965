"""Every number the partners see, opened down to its rows.

Nouns: Report, Snapshot, SnapshotRow, Extract (indicators are registered functions, not rows).
Neighbours: the top room. It collects the `indicators` of every room and is imported by none.
"""
