"""Pages that no operation stands for, each with its reason."""

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
    "alliance:invitation": "Who sets a first password has no token yet: the link is it.",
}
