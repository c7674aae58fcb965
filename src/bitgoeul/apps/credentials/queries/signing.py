"""The private keys of issuers: derived from the data folder's key ring, never stored."""

from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.core.privacy import keyring


def signing_seed(organisation: Organisation) -> bytes:
    """Return the seed of an issuer's Ed25519 key under the newest key of the ring."""
    return keyring.ring()[0].derived(f"sign credentials of {organisation.uuid}")


def key_version() -> str:
    """Return the version of the ring's key that signs now."""
    return keyring.ring()[0].version
