"""How allauth behaves in this house."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Anyone may sign up as an applicant; every other role comes by a membership."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Sign-up is open: an applicant needs no invitation."""
        return True
