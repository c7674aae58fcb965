"""OpenID Connect, stricter than the library: every ID token is verified, whatever way it came."""
