"""Reads over skills, achievements and credentials."""

from bitgoeul.apps.credentials.queries.finding import search
from bitgoeul.apps.credentials.queries.listings import (
    achievements_listed,
    credentials_for,
    credentials_listed,
    credentials_of,
    issuer_keys,
    personal_data_of,
    skills_listed,
)
from bitgoeul.apps.credentials.queries.paper import pdf_of
from bitgoeul.apps.credentials.queries.status import status_document
from bitgoeul.apps.credentials.queries.verification import Verification, verify_code, verify_file

__all__ = [
    "Verification",
    "achievements_listed",
    "credentials_for",
    "credentials_listed",
    "credentials_of",
    "issuer_keys",
    "pdf_of",
    "personal_data_of",
    "search",
    "skills_listed",
    "status_document",
    "verify_code",
    "verify_file",
]
