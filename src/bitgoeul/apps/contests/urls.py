"""Addresses of the room."""

from django.urls import path

from bitgoeul.apps.contests.views import boards, bundles, contests, entries, talk, tasks, teams

app_name = "contests"

urlpatterns = [
    path("", contests.contest_list, name="contest_list"),
    path("new/", contests.contest_create, name="contest_create"),
    path("bundles/", bundles.bundle_upload, name="bundle_upload"),
    path("bundles/confirm/", bundles.bundle_confirm, name="bundle_confirm"),
    path("<uuid:uuid>/", contests.contest_detail, name="contest_detail"),
    path("<uuid:uuid>/change/", contests.contest_change, name="contest_change"),
    path("<uuid:uuid>/plan/", contests.contest_plan, name="contest_plan"),
    path("<uuid:uuid>/terms/", contests.terms_publish, name="terms_publish"),
    path("<uuid:uuid>/steps/<slug:action>/", contests.contest_move, name="contest_move"),
    path("<uuid:uuid>/talk/", talk.talk, name="talk"),
    path("<uuid:uuid>/talk/ask/", talk.question_ask, name="question_ask"),
    path("<uuid:uuid>/talk/announce/", talk.announce, name="announce"),
    path("<uuid:uuid>/join/", teams.team_create, name="team_create"),
    path("<uuid:uuid>/agree/", teams.terms_accept, name="terms_accept"),
    path("<uuid:uuid>/teams/", teams.team_list, name="team_list"),
    path("<uuid:uuid>/entries/", entries.entry_list, name="entry_list"),
    path("questions/<uuid:uuid>/", talk.question_answer, name="question_answer"),
    path("phases/<uuid:uuid>/", contests.phase_change, name="phase_change"),
    path(
        "phases/<uuid:uuid>/policies/<slug:audience>/", contests.policy_change, name="policy_change"
    ),
    path("phases/<uuid:uuid>/board/", boards.board, name="board"),
    path("phases/<uuid:uuid>/advance/", boards.phase_advance, name="phase_advance"),
    path("phases/<uuid:uuid>/tasks/new/", tasks.task_create, name="task_create"),
    path("phases/<uuid:uuid>/tasks/lab/", tasks.task_create_lab, name="task_create_lab"),
    path("tasks/<uuid:uuid>/", tasks.task_detail, name="task_detail"),
    path("tasks/<uuid:uuid>/files/<slug:kind>/", tasks.task_file, name="task_file"),
    path("tasks/<uuid:uuid>/submit/", tasks.submit, name="submit"),
    path("tasks/<uuid:uuid>/finals/", tasks.finals_choose, name="finals_choose"),
    path("tasks/<uuid:uuid>/rejudge/", tasks.rejudge, name="rejudge"),
    path("scorers/<uuid:uuid>/<slug:action>/", tasks.scorer_choose, name="scorer_choose"),
    path("entries/<uuid:uuid>/", entries.entry_detail, name="entry_detail"),
    path("entries/<uuid:uuid>/file/", entries.entry_file, name="entry_file"),
    path("teams/<uuid:uuid>/", teams.team_detail, name="team_detail"),
    path("teams/<uuid:uuid>/invite/", teams.team_invite, name="team_invite"),
    path("teams/<uuid:uuid>/captain/", teams.team_hand_over, name="team_hand_over"),
    path("teams/<uuid:uuid>/withdraw/", teams.team_withdraw, name="team_withdraw"),
    path("teams/<uuid:uuid>/merge/", teams.merge_ask, name="merge_ask"),
    path("teams/<uuid:uuid>/people/<uuid:person>/leave/", teams.member_leave, name="member_leave"),
    path("teams/<uuid:uuid>/judge/<slug:action>/", teams.team_judge, name="team_judge"),
    path("merges/<uuid:uuid>/<slug:action>/", teams.merge_answer, name="merge_answer"),
    path("invitations/<uuid:uuid>/revoke/", teams.invitation_revoke, name="invitation_revoke"),
    path("invited/<str:key>/", teams.invitation, name="invitation"),
]
