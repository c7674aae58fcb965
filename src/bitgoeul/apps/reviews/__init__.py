"""Reviews: how people judge fairly, for selection, judging, proposals and calls.

Nouns: Rubric, RubricItem, Panel, Panelist, Case, Conflict, Review.
Neighbours: it knows people and organisations from `alliance`; the rooms above bring the cases,
by kind and uuid, and take the results. It never learns what is judged.
"""
