"""The kinds of providers, and which of what they say is believed and kept."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.kakao.provider import KakaoProvider
from allauth.socialaccount.providers.naver.provider import NaverProvider
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.conf import settings
from django.http import HttpRequest

from bitgoeul.web.external import ExternalProvider
from bitgoeul.web.sign_in.oidc.adapter import OidcAdapter, new_nonce

_LIBRARY = "allauth.socialaccount.providers"
_SEVERAL = frozenset({"mfa", "hwk", "otp", "swk"})
"""Values of `amr` (RFC 8176) that say that more than a password was shown."""
_SEVERAL_IN_SAML = frozenset({"https://refeds.org/profile/mfa"})


def provider_of(key: str) -> ExternalProvider | None:
    """Find what the operator wrote about a provider."""
    return next((each for each in settings.BITGOEUL.providers if each.key == key), None)


class Careful:
    """What all kinds share: little is kept, addresses are doubted, requests add nothing."""

    app: Any

    @property
    def told(self) -> ExternalProvider:
        """What the operator wrote about this one."""
        found = provider_of(self.app.provider_id)
        if found is None:
            raise LookupError(self.app.provider_id)
        return found

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """Ask for what we need, not for what an address says."""
        return self.get_scope()  # type: ignore[attr-defined]  # the library's

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """Send what we mean, not what an address says."""
        return self.get_auth_params()  # type: ignore[attr-defined]  # the library's

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        """Keep the name by which a person knows the account again, nothing else."""
        facts = self.extract_common_fields(data)  # type: ignore[attr-defined]  # the library's
        shown = facts.get("email") or facts.get("name") or ""
        return {"shown": str(shown)[:254]}

    def extract_email_addresses(self, data: Any) -> list[EmailAddress]:
        """Name the address, and whether it is proved."""
        facts = self.extract_common_fields(data)  # type: ignore[attr-defined]  # the library's
        email = str(facts.get("email") or "").strip().lower()
        if not email:
            return []
        return [EmailAddress(email=email, verified=self.is_proved(email, data), primary=True)]

    def is_proved(self, email: str, data: Any) -> bool:
        """Doubt it."""
        return False

    def shows_second_step(self, data: Any) -> bool:
        """Doubt it."""
        return False

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> Any:
        """Remember whether a second step was shown there."""
        # The library's class stands behind this one in every kind below.
        login = super().sociallogin_from_response(request, response)  # type: ignore[misc]
        login.second_step = self.shows_second_step(response)
        return login


class Oidc(Careful, OpenIDConnectProvider):
    """A university, a company: OpenID Connect."""

    id = "oidc"
    package = "bitgoeul.web.sign_in.oidc"
    oauth2_adapter_class = OidcAdapter

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """Tie the token that comes back to this browser."""
        return {**self.get_auth_params(), "nonce": new_nonce(request)}

    def is_proved(self, email: str, data: Any) -> bool:
        """Believe it about its own domains, when it says itself that it looked."""
        return data["id_token"].get("email_verified") is True and self.told.proves(email)

    def shows_second_step(self, data: Any) -> bool:
        """Believe its word when the operator does."""
        amr = data["id_token"].get("amr")
        return (
            self.told.second_step and isinstance(amr, list) and bool(_SEVERAL & set(map(str, amr)))
        )


class Saml(Careful, SAMLProvider):
    """A university, a company: SAML 2.0."""

    id = "saml"
    package = "bitgoeul.web.sign_in.saml"

    def is_proved(self, email: str, data: Any) -> bool:
        """Believe it about its own domains, unless it says itself that it did not look."""
        said = self.extract_common_fields(data).get("email_verified", True)
        return bool(said) and self.told.proves(email)

    def shows_second_step(self, data: Any) -> bool:
        """Believe its word when the operator does."""
        return self.told.second_step and bool(
            _SEVERAL_IN_SAML & set(data.get_last_authn_contexts())
        )


class Kakao(Careful, KakaoProvider):
    """Kakao."""

    package = f"{_LIBRARY}.kakao"

    def extract_common_fields(self, data: Any) -> dict[str, Any]:
        """Take the address; a nickname is no name."""
        return {"email": data.get("kakao_account", {}).get("email")}

    def is_proved(self, email: str, data: Any) -> bool:
        """Believe it when Kakao says that the address was looked at and still holds."""
        account = data.get("kakao_account", {})
        return account.get("is_email_verified") is True and account.get("is_email_valid") is True


class Naver(Careful, NaverProvider):
    """Naver, whose addresses are what somebody typed there: never proved."""

    package = f"{_LIBRARY}.naver"

    def extract_common_fields(self, data: Any) -> dict[str, Any]:
        """Take address and name."""
        return {"email": data.get("email"), "name": data.get("name")}


provider_classes = [Oidc, Saml, Kakao, Naver]
