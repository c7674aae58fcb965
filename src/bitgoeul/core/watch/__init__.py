"""Whether the installation is well: numbers of requests, log lines without people, states.

Nothing here names a person: log lines carry the number of a request, never what was typed.
Neighbours: jobs and journal, whose tables it only counts.
"""
