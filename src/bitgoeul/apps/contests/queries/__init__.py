"""Reads over contests, teams and entries."""

from bitgoeul.apps.contests.queries.finding import search
from bitgoeul.apps.contests.queries.listings import contests_listed
from bitgoeul.apps.contests.queries.personal import personal_data_of

__all__ = ["contests_listed", "personal_data_of", "search"]
