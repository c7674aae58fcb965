"""Pages that no operation stands for, each with its reason."""

SAME_AS_CSV = "The same rows as the file in CSV; its address names the form."
RESET = "A lost second factor is given back between people who prove themselves; no token does."

REASONS: dict[str, str] = {
    "home": "It leads people on; what it lists are the lists of the rooms.",
    "set_language": "A program says its language in Accept-Language.",
    "health": "It answers programs already.",
    "api_reference": "It is about the interface.",
    "api_openapi": "It is about the interface.",
    "api:token_list": "A token that could see or make tokens would outlive its own end.",
    "api:token_create": "A token that could see or make tokens would outlive its own end.",
    "api:token_revoke": "A token that could see or make tokens would outlive its own end.",
    "search": "It leads people on; the lists of the rooms take the same question as q.",
    "session_end": "A program has no session.",
    "ready": "It answers programs already.",
    "metrics": "It answers programs already.",
    "accessibility": "A statement for readers; it holds no data.",
    "overview": "How the installation is, for its keeper; metrics say it in figures.",
    "alliance:reset_ask": RESET,
    "alliance:reset_list": RESET,
    "alliance:reset_decide": RESET,
    "alliance:invitation": "Who sets a first password has no token yet: the link is it.",
    "alliance:role_invitation": "Who accepts has no token yet, or signs in: the link is it.",
    "notices:open": "It leads a reader on; `notices.read` marks as read.",
    "notices:unsubscribe": "The link in a letter works without signing in; `notices.mail_choose`.",
    "labs:marks_xlsx": SAME_AS_CSV,
    "programmes:apply_save": "The page saves by itself; `programmes.apply` takes a draft.",
    "credentials:issued_xlsx": SAME_AS_CSV,
    "credentials:verify": "It asks for a code; `credentials.verify_code` and `verify_file` answer.",
    "programmes:applications_xlsx": SAME_AS_CSV,
    "programmes:completion_xlsx": SAME_AS_CSV,
    "programmes:curriculum_xlsx": SAME_AS_CSV,
    "programmes:enrolments_xlsx": SAME_AS_CSV,
    "reviews:results_xlsx": SAME_AS_CSV,
}
