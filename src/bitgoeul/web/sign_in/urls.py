"""Which of the sign-in library's addresses exist here.

The library brings more than is needed, and its next version may bring more still: what is not
named here is not there. tests/web/test_library_routes.py says who reaches each.
"""

from collections.abc import Iterable

from allauth import urls as library
from django.urls import URLPattern, URLResolver

KEPT = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_signup",
        "account_reauthenticate",
        "account_email",
        "account_email_verification_sent",
        "account_confirm_email",
        "account_change_password",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_index",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
        "mfa_reauthenticate_webauthn",
        "mfa_login_webauthn",
        "usersessions_list",
        "account_set_password",
        "socialaccount_connections",
        "socialaccount_signup",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
        "oidc_login",
        "oidc_callback",
        "saml_login",
        "saml_acs",
        "saml_finish_acs",
        "saml_metadata",
        "saml_sls",
        "kakao_login",
        "kakao_callback",
        "naver_login",
        "naver_callback",
    }
)


def _kept(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    found: list[URLPattern | URLResolver] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = _kept(pattern.url_patterns)
            if inner:
                found.append(URLResolver(pattern.pattern, inner))
        elif pattern.name in KEPT:
            found.append(pattern)
    return found


urlpatterns = _kept(library.urlpatterns)
