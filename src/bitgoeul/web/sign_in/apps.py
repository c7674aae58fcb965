"""Wires sign-in into Django."""

from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "bitgoeul.web.sign_in"
    label = "sign_in"

    def ready(self) -> None:
        """Listen to what the sign-in library tells."""
        from bitgoeul.web.sign_in import receivers

        receivers.connect()
