"""The operations of the core: imports, background work, the journal."""

from tests.web.access import fixed
from tests.web.api import Call, like

MONTH = fixed(month=lambda world: "2025-05")
FORM = {"form": "csv"}

FILE = "기관명,유형\n새 기관,company\n".encode()

CALLS: dict[str, Call] = {
    "imports.kind_list": like("imports:import_list"),
    "imports.template": like("imports:template"),
    "imports.import_list": like("imports:import_list"),
    "imports.upload": like("imports:upload", files={"file": FILE}),
    "imports.import_detail": like("imports:detail"),
    "imports.row_list": like("imports:detail"),
    "imports.receipt": like("imports:detail"),
    "imports.error_file": like("imports:errors"),
    "imports.confirm": like("imports:confirm"),
    "imports.restage": like("imports:restage"),
    "imports.undo": like("imports:undo"),
    "imports.discard": like("imports:discard"),
    "jobs.job_detail": like("jobs:progress"),
    "jobs.job_cancel": like("jobs:cancel"),
    "journal.state": like("journal:home"),
    "journal.entry_list": like("journal:home"),
    "journal.verify": like("journal:verify"),
    "journal.history": like("journal:history"),
    "journal.readings": like("journal:readings", kwargs=MONTH),
    "journal.readings_file": like("journal:readings", more=FORM),
    "journal.sign_off": like("journal:sign_off"),
    "journal.reading_list": like("journal:reading_list"),
    "journal.readings_of": like(
        "journal:reading_list", kwargs=fixed(uuid=lambda world: world.people["stranger"].uuid)
    ),
    "journal.reading_file": like("journal:reading_list", more=FORM),
}
