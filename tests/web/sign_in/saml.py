"""A SAML provider that exists in this process only."""

import base64
import datetime as dt
import re
import zlib
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from bitgoeul.web.external import ExternalProvider

ENTITY = "https://idp.hanbit.example/metadata"
SSO = "https://idp.hanbit.example/sso"
MFA = "https://refeds.org/profile/mfa"
WORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"


@cache
def pair(name: str) -> tuple[str, str]:
    """A key and its certificate, in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=36500))
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return secret.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


def provider(**more: Any) -> ExternalProvider:
    """What the operator's file says about it."""
    facts = {
        "kind": "saml", "key": "uni", "name": "한빛대학교", "entity_id": ENTITY, "sso_url": SSO,
        "certificate": pair("idp")[1], "domains": ("hanbit.example",),
        "origins": ("https://idp.hanbit.example",), **more,
    }  # fmt: skip
    return ExternalProvider(**facts)


def leave(client: Client) -> str:
    """Press the button; returns the number of the request."""
    answer = client.post("/accounts/saml/uni/login/")
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)["SAMLRequest"][0]
    request = zlib.decompress(base64.b64decode(asked), -15).decode()
    found = re.search(r'\bID="([^"]+)"', request)
    assert found
    return found[1]


def _moment(seconds: int) -> str:
    moment = dt.datetime.now(tz=dt.UTC) + dt.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def response(
    request: str,
    *,
    host: str = "http://testserver",
    audience: str | None = None,
    to: str | None = None,
    ends: int = 300,
    signer: str | None = "idp",
    context: str = WORD,
    email: str = "staff@hanbit.example",
    name: str = "s-1",
    issuer: str = ENTITY,
    number: str = "_a1",
) -> str:
    """A response; the assertion is signed unless nobody signs."""
    acs = to or f"{host}/accounts/saml/uni/acs/"
    audience = audience or f"{host}/accounts/saml/uni/metadata/"
    reply = f' InResponseTo="{request}"' if request else ""
    assertion = f"""<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
        ID="{number}"
        Version="2.0" IssueInstant="{_moment(0)}"><saml:Issuer>{issuer}</saml:Issuer>
        <saml:Subject>
        <saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
        >{name}</saml:NameID>
        <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
        <saml:SubjectConfirmationData NotOnOrAfter="{_moment(ends)}" Recipient="{acs}"{reply}/>
        </saml:SubjectConfirmation></saml:Subject>
        <saml:Conditions NotBefore="{_moment(-60)}" NotOnOrAfter="{_moment(ends)}">
        <saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience>
        </saml:AudienceRestriction></saml:Conditions>
        <saml:AuthnStatement AuthnInstant="{_moment(0)}" SessionIndex="i">
        <saml:AuthnContext><saml:AuthnContextClassRef>{context}</saml:AuthnContextClassRef>
        </saml:AuthnContext></saml:AuthnStatement>
        <saml:AttributeStatement><saml:Attribute Name="urn:oid:0.9.2342.19200300.100.1.3">
        <saml:AttributeValue>{email}</saml:AttributeValue>
        </saml:Attribute></saml:AttributeStatement></saml:Assertion>"""
    if signer:
        key, certificate = pair(signer)
        assertion = OneLogin_Saml2_Utils.add_sign(assertion, key, certificate).decode()
    whole = f"""<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
        xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r{number}" Version="2.0"
        IssueInstant="{_moment(0)}" Destination="{acs}"{reply}><saml:Issuer>{issuer}</saml:Issuer>
        <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>
        </samlp:Status>{assertion}</samlp:Response>"""
    return base64.b64encode(whole.encode()).decode()


def bring(client: Client, answer: str) -> Any:
    """Do what the browser does with the provider's form: post it, then go where it leads."""
    posted = client.post("/accounts/saml/uni/acs/", {"SAMLResponse": answer})
    assert posted.status_code == 302
    return client.get(posted.headers["Location"])
