"""Addresses of the room."""

from django.urls import path

from bitgoeul.apps.labs.views import labs, marking, practice, submissions, task_labs, teaching

app_name = "labs"

urlpatterns = [
    path("", labs.lab_list, name="lab_list"),
    path("open/", teaching.open_list, name="open_list"),
    path("new/", labs.lab_create, name="lab_create"),
    path("new/function/", task_labs.lab_create_function, name="lab_create_function"),
    path("new/notebook/", task_labs.lab_create_notebook, name="lab_create_notebook"),
    path("new/answers/", task_labs.lab_create_answers, name="lab_create_answers"),
    path("<uuid:uuid>/", labs.lab_detail, name="lab_detail"),
    path("<uuid:uuid>/files/<slug:kind>/", labs.lab_file, name="lab_file"),
    path("<uuid:uuid>/open/", labs.lab_open, name="lab_open"),
    path("<uuid:uuid>/close/", labs.lab_close, name="lab_close"),
    path("<uuid:uuid>/rescore/", labs.lab_rescore, name="lab_rescore"),
    path("<uuid:uuid>/change/", task_labs.lab_change, name="lab_change"),
    path("<uuid:uuid>/checks/", task_labs.lab_checks, name="lab_checks"),
    path("<uuid:uuid>/answer/", marking.answer, name="answer"),
    path("<uuid:uuid>/errors/", teaching.error_list, name="error_list"),
    path("<uuid:uuid>/changes/", teaching.change_list, name="change_list"),
    path("<uuid:uuid>/similarity/", teaching.similarity, name="similarity"),
    path("<uuid:uuid>/similarity/ask/", teaching.similarity_ask, name="similarity_ask"),
    path("<uuid:uuid>/practice/", practice.practice, name="practice"),
    path("<uuid:uuid>/practice/hand-in/", practice.practice_hand_in, name="practice_hand_in"),
    path("<uuid:uuid>/submit/", submissions.submit, name="submit"),
    path("<uuid:uuid>/submissions/", submissions.submission_list, name="submission_list"),
    path("<uuid:uuid>/marks.csv", submissions.mark_list, {"form": "csv"}, name="marks_csv"),
    path("<uuid:uuid>/marks.xlsx", submissions.mark_list, {"form": "xlsx"}, name="marks_xlsx"),
    path("submissions/<uuid:uuid>/", submissions.submission_detail, name="submission_detail"),
    path("submissions/<uuid:uuid>/mark/", marking.mark, name="mark"),
    path("submissions/<uuid:uuid>/file/", submissions.submission_file, name="submission_file"),
]
