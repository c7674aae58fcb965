"""The room's long lists as tables on a page."""

from collections.abc import Iterable

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bitgoeul.apps.credentials.enums import CredentialState
from bitgoeul.apps.credentials.models import Credential
from bitgoeul.core import formats, tables
from bitgoeul.core.tables import Column

_KINDS = {"valid": "ok", "revoked": "bad"}


def credentials_table(rows: Iterable[Credential]) -> SafeString:
    """Draw issued credentials."""
    address = tables.Address("credentials:credential_detail")
    states, language = tables.words_of(CredentialState), get_language() or "ko"
    columns = (
        Column(
            label=_("Name"), cell=lambda row: tables.link(address(row.uuid), row.person), heads=True
        ),
        Column(label=_("Certificate"), cell=lambda row: row.title),
        Column(label=_("Issued by"), cell=lambda row: row.achievement.issuer.name),
        Column(
            label=_("Date of issue"),
            cell=lambda row: formats.day(formats.local_date(row.issued_at), language),
            short=True,
        ),
        Column(
            label=_("State"), cell=lambda row: tables.badge(states[row.state], _KINDS[row.state])
        ),
    )
    return tables.table(rows, columns, label=_("Certificates"))
