"""Providers of accounts that exist in this process only: what they sign, and how one asks them."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.test import Client, override_settings

from bitgoeul.web.external import ExternalProvider, library_settings
from bitgoeul.web.sign_in.adapters import ExternalAdapter

ISSUER = "https://id.hanbit.example"
KEY = ec.generate_private_key(ec.SECP256R1())
STRANGER = ec.generate_private_key(ec.SECP256R1())

OIDC = ExternalProvider(
    kind="oidc", key="hanbit", name="한빛대학교", issuer=ISSUER, client_id="bitgoeul",
    client_secret="whisper", domains=("hanbit.example",), origins=(ISSUER,),
)  # fmt: skip
KAKAO = ExternalProvider(
    kind="kakao", key="kakao", name="Kakao", client_id="k", client_secret="s",
    origins=("https://kauth.kakao.com",),
)  # fmt: skip
NAVER = ExternalProvider(
    kind="naver", key="naver", name="Naver", client_id="n", client_secret="s",
    origins=("https://nid.naver.com",),
)  # fmt: skip


class Answer:
    """What a provider answers."""

    def __init__(self, body: Any, status: int = 200) -> None:
        self.body, self.status_code = body, status
        self.headers = {"content-type": "application/json"}
        self.text = str(body)

    def json(self) -> Any:
        return self.body

    def raise_for_status(self) -> None:
        if self.status_code >= 400:
            raise requests.HTTPError(str(self.status_code))


class Web:
    """The network as these tests have it: addresses and what each answers."""

    def __init__(self) -> None:
        self.pages: dict[str, Any] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def request(self, method: str, url: str, **more: Any) -> Answer:
        self.asked.append((url, more))
        body = self.pages.get(url)
        if isinstance(body, Exception):
            raise body
        return Answer(body) if body is not None else Answer("absent", 404)

    def get(self, url: str, **more: Any) -> Answer:
        return self.request("GET", url, **more)

    def __enter__(self) -> "Web":
        return self

    def __exit__(self, *_: object) -> None:
        pass


@contextmanager
def known(*providers: ExternalProvider) -> Iterator[Web]:
    """Have the operator's file name these, and the network be ours."""
    from dataclasses import replace

    web = Web()
    with (
        override_settings(
            BITGOEUL=replace(settings.BITGOEUL, providers=providers),
            SOCIALACCOUNT_PROVIDERS=library_settings(providers),
        ),
        mock.patch.object(ExternalAdapter, "get_requests_session", return_value=web),
    ):
        yield web


def oidc_pages(web: Web, **config: Any) -> None:
    """Put up the provider's configuration and keys."""
    web.pages[f"{ISSUER}/.well-known/openid-configuration"] = {
        "issuer": ISSUER,
        "authorization_endpoint": f"{ISSUER}/authorize",
        "token_endpoint": f"{ISSUER}/token",
        "jwks_uri": f"{ISSUER}/keys",
        **config,
    }
    public = jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
    web.pages[f"{ISSUER}/keys"] = {"keys": [{**public, "kid": "one", "alg": "ES256"}]}


def leave(client: Client, address: str) -> dict[str, str]:
    """Press the button; returns what the provider is asked, as its address says it."""
    answer = client.post(address)
    assert answer.status_code == 302, answer.content.decode()
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {name: values[0] for name, values in asked.items()}


def claims(asked: dict[str, str], **changed: Any) -> dict[str, Any]:
    """What a good ID token says; None takes something out."""
    now = int(time.time())
    said = {
        "iss": ISSUER, "sub": "u-1", "aud": "bitgoeul", "exp": now + 300, "iat": now,
        "nonce": asked["nonce"], "email": "new@hanbit.example", "email_verified": True,
        "name": "새 사람", **changed,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value is not None}


def signed(said: dict[str, Any], *, key: Any = KEY, algorithm: str = "ES256") -> str:
    """An ID token."""
    return jwt.encode(said, key, algorithm=algorithm, headers={"kid": "one"})


Token = Callable[[dict[str, str]], str]


def come_back(client: Client, web: Web, make: Token, address: str = "hanbit") -> Any:
    """Sign in at the university and come back with the token that `make` makes."""
    oidc_pages(web)
    asked = leave(client, f"/accounts/oidc/{address}/login/")
    web.pages[f"{ISSUER}/token"] = {"access_token": "a", "id_token": make(asked)}
    back = {"code": "c", "state": asked["state"]}
    return client.get(f"/accounts/oidc/{address}/login/callback/", back)
