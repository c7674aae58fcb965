"""Whose accounts open the door besides our own: the operator's list, read once.

The file is TOML, `sign-in.toml` in the data folder or where `BITGOEUL_SIGN_IN_FILE` says. Without
it there is no external sign-in. docs/sign-in.md shows one of each kind.
"""

import re
import stat
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FILE = "sign-in.toml"
KINDS = ("oidc", "saml", "kakao", "naver")
ORIGINS = {"kakao": "https://kauth.kakao.com", "naver": "https://nid.naver.com"}
"""Where the two send people; whoever runs an OIDC or SAML provider says it in the file."""

_KEY = re.compile(r"[a-z][a-z0-9-]{1,30}")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_NEEDED = {
    "oidc": ("key", "name", "issuer", "client_id", "client_secret"),
    "saml": ("key", "name", "entity_id", "sso_url", "certificate"),
    "kakao": ("client_id", "client_secret"),
    "naver": ("client_id", "client_secret"),
}
_ALLOWED = {
    "oidc": {"domains", "second_step", "origins"},
    "saml": {"domains", "second_step", "origins"},
    "kakao": set(),
    "naver": set(),
}


@dataclass(frozen=True, kw_only=True)
class ExternalProvider:
    """One provider of accounts.

    `domains` are those about whose addresses it is believed; `second_step` says that its word
    about a second step is believed, too.
    """

    kind: str
    key: str
    name: str
    client_id: str = ""
    client_secret: str = ""
    issuer: str = ""
    entity_id: str = ""
    sso_url: str = ""
    certificate: str = ""
    domains: tuple[str, ...] = ()
    second_step: bool = False
    origins: tuple[str, ...] = ()

    def proves(self, email: str) -> bool:
        """Tell whether the provider is believed about an address of this domain."""
        return email.rpartition("@")[2].lower() in self.domains


def read_providers(path: Path) -> tuple[ExternalProvider, ...]:
    """Read the operator's list; no file means no external sign-in.

    Raises
    ------
    ValueError
        When the file can be read by other accounts, or an entry is not what it must be.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return ()
    if stat.S_IMODE(mode) & 0o077:
        raise ValueError(f"{path} holds secrets and can be read by others: chmod 600 {path}")
    try:
        held = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path} is no TOML: {error}") from error
    unknown = held.keys() - {"provider"}
    if unknown or not isinstance(held.get("provider", []), list):
        raise ValueError(f"{path}: only [[provider]] tables stand there, not {sorted(unknown)}")
    found = tuple(
        _provider(entry, place=f"{path}, provider {number}")
        for number, entry in enumerate(held.get("provider", []), start=1)
    )
    keys = [provider.key for provider in found]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(f"{path}: two providers have the key {twice[0]}")
    return found


def _provider(entry: Mapping[str, Any], *, place: str) -> ExternalProvider:
    kind = entry.get("kind")
    if kind not in KINDS:
        raise ValueError(f"{place}: kind must be one of {', '.join(KINDS)}")
    needed, more = _NEEDED[kind], _ALLOWED[kind]
    if unknown := entry.keys() - {"kind", "name", *needed} - more:
        raise ValueError(f"{place}: {kind} knows no {sorted(unknown)[0]}")
    for name in needed:
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            raise ValueError(f"{place}: {kind} needs {name}")
    if not isinstance(entry.get("second_step", False), bool):
        raise ValueError(f"{place}: second_step is true or false")
    key = entry.get("key", kind)
    if not _KEY.fullmatch(key) or (kind != key and key in KINDS):
        raise ValueError(f"{place}: key is a short word of a-z, 0-9 and -, and no kind's name")
    told = {name: entry[name].strip() for name in needed} | {"kind": kind, "key": key}
    told["name"] = str(entry.get("name", kind.capitalize()))
    _require_https(told, place=place)
    return ExternalProvider(
        **told,
        domains=_texts(entry, "domains", _DOMAIN, place=place),
        second_step=entry.get("second_step", False),
        origins=_origins(told, _texts(entry, "origins", re.compile(r"https://[^/]+"), place=place)),
    )


def _require_https(told: Mapping[str, str], *, place: str) -> None:
    """Keys and people are never sent over a line that somebody can read."""
    for name in ("issuer", "sso_url"):
        if name in told and urlsplit(told[name]).scheme != "https":
            raise ValueError(f"{place}: {name} must begin with https://")


def _texts(
    entry: Mapping[str, Any], name: str, form: re.Pattern[str], *, place: str
) -> tuple[str, ...]:
    given = entry.get(name, [])
    if not isinstance(given, list):
        raise ValueError(f"{place}: {name} is a list")
    texts = tuple(str(text).strip().lower() for text in given)
    for text in texts:
        if not form.fullmatch(text):
            raise ValueError(f"{place}: {text!r} does not belong into {name}")
    return texts


def _origins(told: Mapping[str, str], more: Iterable[str]) -> tuple[str, ...]:
    """Where a press on the button may lead: a browser stops every other place."""
    own = told.get("issuer") or told.get("sso_url")
    first = "{0.scheme}://{0.netloc}".format(urlsplit(own)) if own else ORIGINS[told["kind"]]
    return (first, *more)


def library_settings(providers: Iterable[ExternalProvider]) -> dict[str, Any]:
    """Write the list as the sign-in library wants it."""
    apps: dict[str, list[dict[str, Any]]] = {}
    for each in providers:
        app: dict[str, Any] = {"name": each.name, "provider_id": each.key}
        if each.kind == "saml":
            app |= {"client_id": each.key, "settings": _saml(each)}
        else:
            app |= {"client_id": each.client_id, "secret": each.client_secret}
            app["settings"] = {"server_url": each.issuer, "oauth_pkce_enabled": True}
        apps.setdefault(each.kind, []).append(app)
    return {kind: {"APPS": held} for kind, held in apps.items()}


def _saml(each: ExternalProvider) -> dict[str, Any]:
    return {
        "idp": {
            "entity_id": each.entity_id,
            "sso_url": each.sso_url,
            "x509cert": each.certificate,
        },
        # Nothing is believed that is not signed, and nothing that nobody here asked for.
        "advanced": {
            "strict": True,
            "want_assertion_signed": True,
            "want_name_id": True,
            "want_attribute_statement": False,
            "reject_deprecated_algorithm": True,
            "reject_idp_initiated_sso": True,
            "allow_single_label_domains": True,  # a host of an inner network has one name
        },
    }
