"""Contests: what teams hand in is scored or judged, and one board tells how they stand.

Nouns: Contest, Phase, Task, Scorer, Team, Entry, Score, Terms, Announcement, Question.
Neighbours: a task is backed by a lab (`labs`), judging of pitches by panels (`reviews`), people
and organisations are the `alliance`'s.
"""
