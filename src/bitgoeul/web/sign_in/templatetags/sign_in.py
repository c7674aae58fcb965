"""What the sign-in pages say: `{% load sign_in %}`."""

from django import template

from bitgoeul.web.sign_in.provider import provider_of

register = template.Library()


@register.filter
def provider_name(key: str) -> str:
    """Name a provider as the operator does; its key, when it has been taken away."""
    found = provider_of(key)
    return found.name if found else key
