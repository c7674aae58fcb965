"""The talk with a provider: its configuration, its keys, its ID token."""

import secrets
from functools import cached_property
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.jwtkit import verify_jti
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures with a key pair only: a shared secret could be turned against us, none is none."""

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_NONCES = "bitgoeul_oidc_nonces"
_MOST_NONCES = 5
_LEEWAY = 60
"""Seconds that two clocks may differ."""


def new_nonce(request: HttpRequest) -> str:
    """Make the number that ties an ID token to this browser; a few windows may be open."""
    nonce = secrets.token_urlsafe(24)
    request.session[_NONCES] = [*request.session.get(_NONCES, []), nonce][-_MOST_NONCES:]
    return nonce


def _use_nonce(request: HttpRequest, nonce: object) -> None:
    waiting = list(request.session.get(_NONCES, []))
    if nonce not in waiting:
        raise OAuth2Error("the ID token does not belong to this sign-in")
    waiting.remove(nonce)
    request.session[_NONCES] = waiting


class OidcAdapter(OpenIDConnectOAuth2Adapter):
    """What the library does, with every check that the specification knows."""

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """Read the provider's configuration; it must be that of the issuer we were told of."""
        config: dict[str, Any] = super().openid_config
        expected = self.get_provider().app.settings["server_url"].rstrip("/")
        if str(config.get("issuer", "")).rstrip("/") != expected:
            raise OAuth2Error("the configuration belongs to another issuer")
        if not all(str(config.get(name, "")).startswith("https://") for name in ENDPOINTS):
            raise OAuth2Error("the configuration lacks an address or names an open line")
        return config

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Come back to the public address: it is the one that the provider was told of."""
        back = reverse("oidc_callback", kwargs={"provider_id": self.provider_id})
        return str(settings.BITGOEUL.public_url) + back

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Verify the ID token, and ask for the address when it does not name one."""
        claims = self._verified(app, kwargs["response"].get("id_token"))
        _use_nonce(request, claims.get("nonce"))
        data = {"id_token": claims}
        if "email" not in claims and "userinfo_endpoint" in self.openid_config:
            told = self._fetch_user_info(token.token)
            if told.get("sub") != claims["sub"]:
                raise OAuth2Error("the provider answers for somebody else")
            data["id_token"] = {**told, **claims}
        return self.get_provider().sociallogin_from_response(request, data)

    def _verified(self, app: Any, id_token: object) -> dict[str, Any]:
        if not isinstance(id_token, str):
            raise OAuth2Error("the provider sent no ID token")
        try:
            kid = jwt.get_unverified_header(id_token).get("kid")
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._key(kid),
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=_LEEWAY,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error("the ID token is not valid") from error
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the ID token was made for another program")
        verify_jti(claims)
        return claims

    def _key(self, kid: object) -> Any:
        """Find the key by its name among the issuer's own; a token cannot bring one."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        fitting = [key for key in keys if key.key_id == kid] if kid else keys[:1]
        if not fitting:
            raise OAuth2Error("the ID token names a key that the issuer does not have")
        return fitting[0]
