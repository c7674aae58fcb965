"""Proof of skill: what may be learned, what it takes, and who has proved it.

Nouns: Skill, Achievement, Credential, IssuerKey.
Neighbours: it knows people and organisations (`alliance`); labs and programmes above it issue
credentials, and each names its evidence by kind and uuid.
"""
