"""Who is in the alliance, in which role, what they agreed and what they consented to.

Nouns: User, Organisation, Membership, Agreement, Article, Commitment, Consent.
Neighbours: the ground floor of the rooms; it imports none of them. A commitment names an
indicator by key only: `reports` computes and shows it.
"""
