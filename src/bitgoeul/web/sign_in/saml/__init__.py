"""SAML 2.0, without the single logout: an unsigned link could sign anybody out with it."""
