"""Addresses of the room."""

from django.urls import path

from bitgoeul.apps.programmes.views import (
    applications,
    attendance,
    cohorts,
    completion,
    design,
    enrolments,
    offers,
    planning,
    programmes,
    questions,
    replaying,
    rulesets,
    selection,
    stages,
)

app_name = "programmes"

_CSV, _XLSX = {"form": "csv"}, {"form": "xlsx"}

_DESIGN = [
    path("cohorts/<uuid:uuid>/design/", design.design, name="design"),
    path("cohorts/<uuid:uuid>/design/calendar/", design.calendar_edit, name="calendar_edit"),
    path("cohorts/<uuid:uuid>/design/days/new/", design.special_day_add, name="special_day_add"),
    path("cohorts/<uuid:uuid>/design/copy/", design.design_copy, name="design_copy"),
    path("days/<uuid:uuid>/remove/", design.special_day_remove, name="special_day_remove"),
    path("cohorts/<uuid:uuid>/classes/new/", design.class_create, name="class_create"),
    path("cohorts/<uuid:uuid>/classes/fill/", design.classes_fill, name="classes_fill"),
    path("classes/<uuid:uuid>/edit/", design.class_edit, name="class_edit"),
    path("classes/<uuid:uuid>/remove/", design.class_remove, name="class_remove"),
    path("classes/<uuid:uuid>/instructors/new/", design.teaching_add, name="teaching_add"),
    path("teachings/<uuid:uuid>/end/", design.teaching_end, name="teaching_end"),
    path("enrolments/<uuid:uuid>/class/", design.seat_change, name="seat_change"),
    path("cohorts/<uuid:uuid>/modules/new/", design.module_create, name="module_create"),
    path("modules/<uuid:uuid>/edit/", design.module_edit, name="module_edit"),
    path("modules/<uuid:uuid>/remove/", design.module_remove, name="module_remove"),
    path(
        "cohorts/<uuid:uuid>/curriculum.csv", design.curriculum_export, _CSV, name="curriculum_csv"
    ),
    path(
        "cohorts/<uuid:uuid>/curriculum.xlsx",
        design.curriculum_export,
        _XLSX,
        name="curriculum_xlsx",
    ),
]

urlpatterns = [
    path("", programmes.programme_list, name="programme_list"),
    path("new/", planning.programme_create, name="programme_create"),
    path("<uuid:uuid>/", programmes.programme_detail, name="programme_detail"),
    path("<uuid:uuid>/cohorts/new/", planning.cohort_create, name="cohort_create"),
    path("<uuid:uuid>/rules/", rulesets.rule_set_list, name="rule_set_list"),
    path("<uuid:uuid>/rules/new/", rulesets.rule_set_propose, name="rule_set_propose"),
    path("rules/<uuid:uuid>/approve/", rulesets.rule_set_approve, name="rule_set_approve"),
    path("rules/<uuid:uuid>/withdraw/", rulesets.rule_set_withdraw, name="rule_set_withdraw"),
    path("cohorts/<uuid:uuid>/", cohorts.cohort_detail, name="cohort_detail"),
    path("cohorts/<uuid:uuid>/do/<slug:action>/", cohorts.cohort_action, name="cohort_action"),
    path("cohorts/<uuid:uuid>/labs/", cohorts.assignment_list, name="assignment_list"),
    path("cohorts/<uuid:uuid>/apply/", applications.apply, name="apply"),
    path(
        "cohorts/<uuid:uuid>/applications/",
        applications.application_list,
        name="application_list",
    ),
    path(
        "cohorts/<uuid:uuid>/applications.csv",
        applications.application_export,
        _CSV,
        name="applications_csv",
    ),
    path(
        "cohorts/<uuid:uuid>/applications.xlsx",
        applications.application_export,
        _XLSX,
        name="applications_xlsx",
    ),
    path("applications/<uuid:uuid>/", applications.application_detail, name="application_detail"),
    path(
        "applications/<uuid:uuid>/withdraw/",
        applications.application_withdraw,
        name="application_withdraw",
    ),
    path(
        "applications/<uuid:uuid>/judge/",
        applications.application_judge,
        name="application_judge",
    ),
    path(
        "applications/<uuid:uuid>/accommodation/",
        questions.accommodation_answer,
        name="accommodation_answer",
    ),
    path("answers/<uuid:uuid>/file/", questions.answer_file, name="answer_file"),
    path("cohorts/<uuid:uuid>/apply/save/", applications.apply_save, name="apply_save"),
    path("cohorts/<uuid:uuid>/form/", questions.form_detail, name="form_detail"),
    path("cohorts/<uuid:uuid>/form/publish/", questions.form_publish, name="form_publish"),
    path("cohorts/<uuid:uuid>/form/new/", questions.question_add, name="question_add"),
    path("cohorts/<uuid:uuid>/form/<slug:key>/", questions.question_change, name="question_change"),
    path(
        "cohorts/<uuid:uuid>/form/<slug:key>/<slug:action>/",
        questions.question_act,
        name="question_act",
    ),
    path("cohorts/<uuid:uuid>/duplicates/", questions.duplicate_list, name="duplicate_list"),
    path(
        "cohorts/<uuid:uuid>/duplicates/<uuid:first>/<uuid:second>/",
        questions.duplicate_decide,
        name="duplicate_decide",
    ),
    path(
        "cohorts/<uuid:uuid>/applications/judge/", stages.application_bulk, name="application_bulk"
    ),
    path("cohorts/<uuid:uuid>/stages/", stages.stage_list, name="stage_list"),
    path("stages/<uuid:uuid>/do/<slug:action>/", stages.stage_action, name="stage_action"),
    path("stages/<uuid:uuid>/panels/new/", stages.panel_create, name="panel_create"),
    path("seats/<uuid:uuid>/answer/", offers.seat_answer, name="seat_answer"),
    path("cohorts/<uuid:uuid>/waiting/", offers.waiting_list, name="waiting_list"),
    path(
        "cohorts/<uuid:uuid>/selection/research.zip",
        offers.selection_store,
        name="selection_store",
    ),
    path("cohorts/<uuid:uuid>/selection/", selection.selection, name="selection"),
    path("cohorts/<uuid:uuid>/selection/run/", selection.selection_run, name="selection_run"),
    path(
        "cohorts/<uuid:uuid>/selection/verify/",
        selection.selection_verify,
        name="selection_verify",
    ),
    path(
        "cohorts/<uuid:uuid>/selection/publish/",
        selection.selection_publish,
        name="selection_publish",
    ),
    path("cohorts/<uuid:uuid>/selection.zip", selection.selection_bundle, name="selection_bundle"),
    path("cohorts/<uuid:uuid>/roster/", enrolments.enrolment_list, name="enrolment_list"),
    path(
        "cohorts/<uuid:uuid>/roster.csv", enrolments.enrolment_export, _CSV, name="enrolments_csv"
    ),
    path(
        "cohorts/<uuid:uuid>/roster.xlsx",
        enrolments.enrolment_export,
        _XLSX,
        name="enrolments_xlsx",
    ),
    path("enrolments/<uuid:uuid>/", enrolments.enrolment_detail, name="enrolment_detail"),
    path("enrolments/<uuid:uuid>/replay/", replaying.enrolment_replay, name="enrolment_replay"),
    path("enrolments/<uuid:uuid>/end/", enrolments.enrolment_end, name="enrolment_end"),
    path("enrolments/<uuid:uuid>/exam/", enrolments.enrolment_exam, name="enrolment_exam"),
    path("cohorts/<uuid:uuid>/attendance/", attendance.attendance_list, name="attendance_list"),
    path(
        "cohorts/<uuid:uuid>/attendance/<slug:day>/",
        attendance.attendance_day,
        name="attendance_day",
    ),
    *_DESIGN,
    path("cohorts/<uuid:uuid>/completion/", completion.completion, name="completion"),
    path(
        "cohorts/<uuid:uuid>/completion/decide/",
        completion.completion_decide,
        name="completion_decide",
    ),
    path(
        "cohorts/<uuid:uuid>/completion.csv",
        completion.completion_export,
        _CSV,
        name="completion_csv",
    ),
    path(
        "cohorts/<uuid:uuid>/completion.xlsx",
        completion.completion_export,
        _XLSX,
        name="completion_xlsx",
    ),
]
