"""From proven talent to a kept job.

Nouns: Profile, Vacancy, MatchingRound, Application, Offer, Placement, RetentionCheck,
OutcomeExclusion.
Neighbours: it reads who completed from `programmes` and people and employers from `alliance`;
`reports` above it counts what came of it.
"""
