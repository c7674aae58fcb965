"""The operator's list of providers: read whole, refused in words, never half."""

from pathlib import Path

import pytest

from bitgoeul.web.external import library_settings, read_providers

GOOD = """
[[provider]]
kind = "oidc"
key = "hanbit"
name = "한빛대학교"
issuer = "https://id.hanbit.example/realms/staff"
client_id = "bitgoeul"
client_secret = "whisper"
domains = ["hanbit.example"]
second_step = true

[[provider]]
kind = "saml"
key = "gwangju"
name = "광주시청"
entity_id = "https://idp.gwangju.example/metadata"
sso_url = "https://idp.gwangju.example/sso"
certificate = "MII"

[[provider]]
kind = "kakao"
client_id = "k"
client_secret = "s"
"""


def _write(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "sign-in.toml"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def test_a_good_list(tmp_path: Path) -> None:
    found = read_providers(_write(tmp_path, GOOD))
    assert [each.key for each in found] == ["hanbit", "gwangju", "kakao"]
    assert found[0].origins == ("https://id.hanbit.example",)
    assert found[2].origins == ("https://kauth.kakao.com",)
    assert found[0].proves("a@HANBIT.example")
    assert not found[0].proves("a@evil.hanbit.example")
    assert not found[1].second_step
    written = library_settings(found)
    assert written.keys() == {"oidc", "saml", "kakao"}
    advanced = written["saml"]["APPS"][0]["settings"]["advanced"]
    assert advanced["strict"]
    assert advanced["want_assertion_signed"]
    assert read_providers(tmp_path / "none.toml") == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('kind = "oidc"', 'kind = "ldap"'), "kind must be one of"),
        (('client_secret = "whisper"', ""), "oidc needs client_secret"),
        (("https://id.hanbit", "http://id.hanbit"), "issuer must begin with https://"),
        (("second_step = true", 'second_step = "yes"'), "second_step is true or false"),
        (("second_step = true", "secondstep = true"), "oidc knows no secondstep"),
        (('["hanbit.example"]', '["*"]'), "does not belong into domains"),
        (('key = "gwangju"', 'key = "hanbit"'), "two providers have the key hanbit"),
        (('key = "gwangju"', 'key = "kakao"'), "no kind's name"),
        (('[[provider]]\nkind = "kakao"', '[kakao]\nkind = "kakao"'), "only \\[\\[provider"),
        (('kind = "kakao"', "kind = "), "is no TOML"),
    ],
)
def test_a_list_with_a_fault_is_refused_in_words(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    path = _write(tmp_path, GOOD.replace(*change))
    with pytest.raises(ValueError, match=said):
        read_providers(path)


def test_a_list_that_others_can_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="chmod 600"):
        read_providers(_write(tmp_path, GOOD, 0o644))
