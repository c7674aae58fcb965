"""Notebooks: what a source asks, how a submission lines up with it, what each check is worth.

Reading and aligning are pure and run nothing; `grading` talks to the sandboxes.
"""
