"""The private keys of issuers: derived from the data folder's key ring, never stored."""

from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.core.privacy import keyring
from bitgoeul.engines import evidence


def signing_seed(organisation: Organisation) -> bytes:
    """Return the seed of an issuer's Ed25519 key under the newest key of the ring."""
    return keyring.ring()[0].derived(_use(organisation))


def _use(organisation: Organisation) -> str:
    return f"sign credentials of {organisation.uuid}"


def seed_to_sign_lists(organisation: Organisation) -> bytes:
    """Return the newest seed whose public key is listed: reading a list never lists another.

    After a rotation that is the new key as soon as it is listed, and until then the one before:
    whoever checks a list finds its key among those of the issuer.
    """
    use = _use(organisation)
    seeds = [key.derived(use) for key in keyring.ring()]
    listed = set(organisation.issuer_keys.values_list("did", flat=True))
    return next((seed for seed in seeds if evidence.did_of_seed(seed) in listed), seeds[0])


def key_version() -> str:
    """Return the version of the ring's key that signs now."""
    return keyring.ring()[0].version
