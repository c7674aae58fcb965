"""Reads over several tables of the room; one noun per module."""

from bitgoeul.apps.programmes.queries.finding import search
from bitgoeul.apps.programmes.queries.personal import personal_data_of

__all__ = ["personal_data_of", "search"]
