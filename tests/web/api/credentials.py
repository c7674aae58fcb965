"""The operations of credentials."""

from tests.web.api import CSV, Call, like

CALLS: dict[str, Call] = {
    "credentials.skill_list": like("credentials:skill_list"),
    "credentials.skill_detail": like("credentials:skill_detail"),
    "credentials.skills_start": like("credentials:skills_start"),
    "credentials.achievement_list": like("credentials:achievement_list"),
    "credentials.achievement_detail": like("credentials:achievement_detail"),
    "credentials.achievement_create": like("credentials:achievement_create"),
    "credentials.achievement_change": like("credentials:achievement_change"),
    "credentials.achievement_retire": like("credentials:achievement_retire"),
    "credentials.own_list": like("credentials:own_list"),
    "credentials.issued_list": like("credentials:issued_list"),
    "credentials.issued_file": like("credentials:issued_csv", more=CSV),
    "credentials.credential_detail": like("credentials:credential_detail"),
    "credentials.credential_file": like("credentials:credential_file"),
    "credentials.credential_paper": like("credentials:credential_paper"),
    "credentials.credential_revoke": like("credentials:credential_revoke"),
    "credentials.verify_code": like("credentials:verify_code"),
    "credentials.verify_file": like("credentials:verify_file", files={"file": b"{}"}),
    "credentials.key_list": like("credentials:key_list"),
    "credentials.status_list": like("credentials:status_list"),
}
