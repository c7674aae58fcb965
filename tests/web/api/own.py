"""The operations on what hangs on a person's own screen: news, kept views, privacy."""

from tests.web.api import Call, like

VIEW = {"path": "/labs/", "query": "q=a", "name": "a"}

CALLS: dict[str, Call] = {
    "notices.notice_list": like("notices:list"),
    "notices.read": like("notices:read"),
    "notices.read_all": like("notices:read_all"),
    "notices.mail_list": like("notices:settings"),
    "notices.mail_choose": like("notices:settings", body={"choices": {"labs": "off"}}),
    "saved.view_list": like("saved:list"),
    "saved.view_save": like("saved:save", body=VIEW),
    "saved.view_default": like("saved:default", body={"default": True}),
    "saved.view_delete": like("saved:delete"),
    "privacy.mine": like("privacy:mine"),
    "privacy.my_file": like("privacy:my_file"),
    "privacy.ask": like("privacy:mine"),
    "privacy.withdraw": like("privacy:withdraw"),
    "privacy.request_list": like("privacy:request_list"),
    "privacy.request_detail": like("privacy:request_detail"),
    "privacy.decide": like("privacy:request_detail"),
    "privacy.proof": like("privacy:proof"),
    "privacy.certificate": like("privacy:certificate"),
}
