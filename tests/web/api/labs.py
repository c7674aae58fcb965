"""The labs' operations."""

from tests.web.access import EVERYONE
from tests.web.api import CSV, Call, like

DATA = b"id,target\n1,0\n"
FOUR = dict.fromkeys(("train", "test", "sample", "truth"), DATA)
SIGNED_IN = EVERYONE - {"public"}

CALLS: dict[str, Call] = {
    "labs.lab_list": like("labs:lab_list"),
    "labs.lab_detail": like("labs:lab_detail"),
    "labs.lab_file": like("labs:lab_file"),
    "labs.lab_create": like("labs:lab_create", files=FOUR),
    "labs.open_list": like("labs:open_list"),
    "labs.lab_create_function": like("labs:lab_create_function", files={"checks": DATA}),
    "labs.lab_create_notebook": like("labs:lab_create_notebook", files={"source_notebook": DATA}),
    "labs.lab_create_answers": like("labs:lab_create_answers", files={"questions": DATA}),
    "labs.lab_change": like("labs:lab_change"),
    "labs.lab_checks": like("labs:lab_checks", files={"checks": DATA}),
    "labs.answer": like("labs:answer", body={"fields": {}}),
    "labs.mark": like("labs:mark", body={"fields": {}}),
    "labs.error_list": like("labs:error_list"),
    "labs.change_list": like("labs:change_list"),
    "labs.similarity": like("labs:similarity"),
    "labs.similarity_ask": like("labs:similarity_ask"),
    "labs.lab_open": like("labs:lab_open"),
    "labs.lab_close": like("labs:lab_close"),
    "labs.lab_rescore": like("labs:lab_rescore"),
    "labs.submit": like("labs:submit", files={"file": DATA}),
    "labs.practise": like("labs:practice", files={"file": DATA}),
    "labs.practice": like("labs:practice"),
    "labs.practice_hand_in": like("labs:practice_hand_in"),
    "labs.submission_list": like("labs:submission_list"),
    "labs.mark_file": like("labs:marks_csv", more=CSV),
    # One's own submissions stand on the lab's page.
    "labs.submissions_own": like("labs:lab_list", allowed={"other": SIGNED_IN}),
    "labs.submission_detail": like("labs:submission_detail"),
    "labs.submission_file": like("labs:submission_file"),
}
