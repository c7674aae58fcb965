"""Addresses of the room."""

from django.urls import path

from bitgoeul.apps.programmes.views import (
    absences,
    allowances,
    applications,
    attendance,
    care,
    cohorts,
    completion,
    design,
    enrolments,
    lessons,
    limits,
    offers,
    planning,
    presence,
    programmes,
    projects,
    questions,
    remote,
    replaying,
    rulesets,
    selection,
    stages,
    surveys,
    timetable,
    transcripts,
    warning,
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

_TIMETABLE = [
    path("timetable/", timetable.timetable, name="timetable"),
    path("timetable/link/", timetable.feed_make, name="feed_make"),
    path("timetable/<slug:key>.ics", timetable.feed, name="feed"),
    path("links/<uuid:uuid>/end/", timetable.feed_revoke, name="feed_revoke"),
    path("classes/<uuid:uuid>/timetable/", timetable.class_timetable, name="class_timetable"),
    path("classes/<uuid:uuid>/link/", timetable.class_feed_make, name="class_feed_make"),
    path("cohorts/<uuid:uuid>/timetable/", timetable.cohort_timetable, name="cohort_timetable"),
    path("cohorts/<uuid:uuid>/timetable/make/", timetable.timetable_make, name="timetable_make"),
    path("cohorts/<uuid:uuid>/timetable.csv", timetable.export, _CSV, name="timetable_csv"),
    path(
        "cohorts/<uuid:uuid>/timetable.xlsx",
        timetable.export,
        _XLSX,
        name="timetable_xlsx",
    ),
    path("sessions/<uuid:uuid>/", timetable.session_detail, name="session_detail"),
    path("sessions/<uuid:uuid>/move/", timetable.session_move, name="session_move"),
    path("sessions/<uuid:uuid>/cancel/", timetable.session_cancel, name="session_cancel"),
]

_CLASSROOM = [
    path("in/", presence.sign_in_confirm, name="sign_in_confirm"),
    path("in/code/", presence.sign_in_code, name="sign_in_code"),
    path("in/<str:nonce>/", presence.sign_in, name="sign_in"),
    path("sessions/<uuid:uuid>/screen/", presence.session_screen, name="session_screen"),
    path("sessions/<uuid:uuid>/attendance/", presence.session_list, name="session_list"),
    path("sessions/<uuid:uuid>/attendance.pdf", presence.session_paper, name="session_paper"),
    path("cohorts/<uuid:uuid>/now/", presence.roster_now, name="roster_now"),
]

_PROJECTS = [
    path("projects/", projects.project_list, name="project_list"),
    path("cohorts/<uuid:uuid>/projects/new/", projects.project_create, name="project_create"),
    path(
        "cohorts/<uuid:uuid>/projects.csv",
        projects.project_results,
        _CSV,
        name="project_results_csv",
    ),
    path(
        "cohorts/<uuid:uuid>/projects.xlsx",
        projects.project_results,
        _XLSX,
        name="project_results_xlsx",
    ),
    path("projects/<uuid:uuid>/", projects.project_detail, name="project_detail"),
    path("projects/<uuid:uuid>/edit/", projects.project_edit, name="project_edit"),
    path("projects/<uuid:uuid>/due/new/", projects.milestone_add, name="milestone_add"),
    path("projects/<uuid:uuid>/teams/new/", projects.team_create, name="team_create"),
    path("projects/<uuid:uuid>/peers/", projects.peer_review, name="peer_review"),
    path("teams/<uuid:uuid>/edit/", projects.team_edit, name="team_edit"),
    path("teams/<uuid:uuid>/remove/", projects.team_remove, name="team_remove"),
    path("teams/<uuid:uuid>/mark/", projects.team_mark, name="team_mark"),
    path("due/<uuid:uuid>/", projects.hand_in, name="hand_in"),
    path("hand-ins/<uuid:uuid>/", projects.hand_in_file, name="hand_in_file"),
]

_LESSONS = [
    path("cohorts/<uuid:uuid>/lessons/", lessons.lesson_list, name="lesson_list"),
    path("modules/<uuid:uuid>/lessons/new/", lessons.lesson_create, name="lesson_create"),
    path("lessons/<uuid:uuid>/", lessons.lesson_detail, name="lesson_detail"),
    path("lessons/<uuid:uuid>/edit/", lessons.lesson_edit, name="lesson_edit"),
    path("lessons/<uuid:uuid>/remove/", lessons.lesson_remove, name="lesson_remove"),
    path("lesson-files/<uuid:uuid>/", lessons.lesson_file, name="lesson_file"),
    path("cohorts/<uuid:uuid>/news/", lessons.announcement_list, name="announcement_list"),
    path("cohorts/<uuid:uuid>/news/new/", lessons.announcement_create, name="announcement_create"),
    path("cohorts/<uuid:uuid>/questions/", lessons.question_list, name="question_list"),
    path("cohorts/<uuid:uuid>/questions/ask/", lessons.question_ask, name="question_ask"),
    path("asked/<uuid:uuid>/", lessons.question_detail, name="question_detail"),
]

_COMPLETION = [
    path("cohorts/<uuid:uuid>/completion/", completion.completion, name="completion"),
    path(
        "cohorts/<uuid:uuid>/completion/decide/",
        completion.completion_decide,
        name="completion_decide",
    ),
    path(
        "cohorts/<uuid:uuid>/completion/certificates/",
        completion.completion_certificates,
        name="completion_certificates",
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
    path("enrolments/<uuid:uuid>/decide/", transcripts.enrolment_decide, name="enrolment_decide"),
    path(
        "enrolments/<uuid:uuid>/certificate/",
        transcripts.enrolment_certificate,
        name="enrolment_certificate",
    ),
    path(
        "enrolments/<uuid:uuid>/transcript/",
        transcripts.enrolment_transcript,
        name="enrolment_transcript",
    ),
    path(
        "enrolments/<uuid:uuid>/transcript/issue/",
        transcripts.transcript_issue,
        name="transcript_issue",
    ),
    path("transcripts/<uuid:uuid>.pdf", transcripts.transcript_paper, name="transcript_paper"),
    path("transcripts/", transcripts.transcript_check, name="transcript_check"),
    path("transcripts/<str:code>/", transcripts.transcript_code, name="transcript_code"),
]

_SURVEYS = [
    path("surveys/", surveys.surveys_own, name="surveys_own"),
    path("cohorts/<uuid:uuid>/surveys/", surveys.survey_list, name="survey_list"),
    path("cohorts/<uuid:uuid>/surveys/new/", surveys.survey_create, name="survey_create"),
    path("surveys/<uuid:uuid>/", surveys.survey_detail, name="survey_detail"),
    path("surveys/<uuid:uuid>/edit/", surveys.survey_edit, name="survey_edit"),
    path("surveys/<uuid:uuid>/open/", surveys.survey_open, name="survey_open"),
    path("surveys/<uuid:uuid>/remove/", surveys.survey_remove, name="survey_remove"),
    path("surveys/<uuid:uuid>/answer/", surveys.survey_answer, name="survey_answer"),
    path("surveys/<uuid:uuid>.csv", surveys.survey_results, _CSV, name="survey_csv"),
    path("surveys/<uuid:uuid>.xlsx", surveys.survey_results, _XLSX, name="survey_xlsx"),
    path(
        "surveys/<uuid:uuid>/questions/new/",
        surveys.survey_question_add,
        name="survey_question_add",
    ),
    path(
        "survey-questions/<uuid:uuid>/edit/",
        surveys.survey_question_edit,
        name="survey_question_edit",
    ),
    path(
        "survey-questions/<uuid:uuid>/remove/",
        surveys.survey_question_remove,
        name="survey_question_remove",
    ),
]

_ABSENCES = [
    path(
        "enrolments/<uuid:uuid>/absences/", absences.enrolment_absences, name="enrolment_absences"
    ),
    path("cohorts/<uuid:uuid>/absences/", absences.absence_list, name="absence_list"),
    path("cohorts/<uuid:uuid>/absences.csv", absences.absence_export, _CSV, name="absences_csv"),
    path("cohorts/<uuid:uuid>/absences.xlsx", absences.absence_export, _XLSX, name="absences_xlsx"),
    path("absences/<uuid:uuid>/", absences.absence_detail, name="absence_detail"),
    path("absences/<uuid:uuid>/file/", absences.absence_file, name="absence_file"),
    path("absences/<uuid:uuid>/evidence/", absences.absence_evidence, name="absence_evidence"),
    path("absences/<uuid:uuid>/withdraw/", absences.absence_withdraw, name="absence_withdraw"),
    path("absences/<uuid:uuid>/decide/", absences.absence_decide, name="absence_decide"),
    path("absences/<uuid:uuid>/revoke/", absences.absence_revoke, name="absence_revoke"),
]

_WARNING = [
    path("<uuid:uuid>/warning/", warning.warning_model, name="warning_model"),
    path("<uuid:uuid>/warning/train/", warning.warning_train, name="warning_train"),
    path("<uuid:uuid>/warning.csv", warning.warning_export, _CSV, name="warning_csv"),
    path("<uuid:uuid>/warning.xlsx", warning.warning_export, _XLSX, name="warning_xlsx"),
]

urlpatterns = [
    *_WARNING,
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
    path("cohorts/<uuid:uuid>/seats.csv", offers.offer_export, _CSV, name="offers_csv"),
    path("cohorts/<uuid:uuid>/seats.xlsx", offers.offer_export, _XLSX, name="offers_xlsx"),
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
    path("cohorts/<uuid:uuid>/remote-progress/", remote.remote_list, name="remote_list"),
    path("cohorts/<uuid:uuid>/remote-progress.csv", remote.remote_export, _CSV, name="remote_csv"),
    path(
        "cohorts/<uuid:uuid>/remote-progress.xlsx", remote.remote_export, _XLSX, name="remote_xlsx"
    ),
    path("cohorts/<uuid:uuid>/limits/", limits.limit_list, name="limit_list"),
    path("cohorts/<uuid:uuid>/limits.csv", limits.limit_export, _CSV, name="limits_csv"),
    path("cohorts/<uuid:uuid>/limits.xlsx", limits.limit_export, _XLSX, name="limits_xlsx"),
    path("cohorts/<uuid:uuid>/allowances/", allowances.allowance_list, name="allowance_list"),
    path(
        "cohorts/<uuid:uuid>/allowances/calculate/",
        allowances.allowance_calculate,
        name="allowance_calculate",
    ),
    path("allowances/<uuid:uuid>/", allowances.allowance_run, name="allowance_run"),
    path("allowances/<uuid:uuid>/approve/", allowances.allowance_approve, name="allowance_approve"),
    path("allowances/<uuid:uuid>.csv", allowances.allowance_export, _CSV, name="allowance_csv"),
    path("allowances/<uuid:uuid>.xlsx", allowances.allowance_export, _XLSX, name="allowance_xlsx"),
    path(
        "enrolments/<uuid:uuid>/allowances/",
        allowances.enrolment_allowances,
        name="enrolment_allowances",
    ),
    path("enrolments/<uuid:uuid>/appeal/", care.enrolment_appeal, name="enrolment_appeal"),
    path("cohorts/<uuid:uuid>/appeals/", care.appeal_list, name="appeal_list"),
    path("appeals/<uuid:uuid>/answer/", care.appeal_answer, name="appeal_answer"),
    path("enrolments/<uuid:uuid>/counselling/", care.counsel_list, name="counsel_list"),
    path("counselling/<uuid:uuid>/outcome/", care.counsel_settle, name="counsel_settle"),
    path("enrolments/<uuid:uuid>/replay/", replaying.enrolment_replay, name="enrolment_replay"),
    path("enrolments/<uuid:uuid>/end/", enrolments.enrolment_end, name="enrolment_end"),
    path("enrolments/<uuid:uuid>/exam/", enrolments.enrolment_exam, name="enrolment_exam"),
    path("cohorts/<uuid:uuid>/attendance/", attendance.attendance_list, name="attendance_list"),
    path(
        "cohorts/<uuid:uuid>/attendance/<slug:day>/",
        attendance.attendance_day,
        name="attendance_day",
    ),
    *_ABSENCES,
    *_SURVEYS,
    *_DESIGN,
    *_TIMETABLE,
    *_CLASSROOM,
    *_PROJECTS,
    *_LESSONS,
    *_COMPLETION,
]
