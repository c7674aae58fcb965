"""Reads over several tables of the room; one noun per module."""

from bitgoeul.apps.reviews.queries.personal import personal_data_of

__all__ = ["personal_data_of"]
