"""Programmes: people are chosen, taught and brought to completion.

Nouns: Programme, RuleSet, Cohort, Track, Stage, Application, Choice, StageScore, SelectionRound,
Enrolment, Assignment, Attendance, CompletionVerdict.
Neighbours: it gives `labs` to its cohorts and knows people from `alliance`; `careers` and
`reports` above it read who completed.
"""
