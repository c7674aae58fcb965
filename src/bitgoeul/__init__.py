"""Bitgoeul: a city, a university and a company run a regional AI-talent alliance."""

__version__ = "0.1.0"
