"""A task, what someone hands in, and its evaluation.

Nouns: Lab, Participant, Submission, Evaluation, Practice.
Neighbours: it knows people (`alliance`); programmes and contests above it admit people to a lab
and read their best evaluations.
"""
