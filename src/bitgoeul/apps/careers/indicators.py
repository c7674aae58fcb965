"""What the partners count about jobs; each number lists the rows that it was counted from."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.careers.enums import CheckState, PlacementKind
from bitgoeul.apps.careers.models import Placement, RetentionCheck
from bitgoeul.apps.careers.queries import outcomes
from bitgoeul.apps.programmes.models import Enrolment
from bitgoeul.core.indicators import Evidence, Indicator, Scope, Value, count, phrase, share

GROUPS = ("sex", "residence", "field")
Row = tuple[Placement, Enrolment, Evidence]


def employment_rate(scope: Scope, as_of: dt.date) -> Value:
    """(B + C) / (C + A - D - E) over the cohorts whose window has closed.

    A cohort whose window is still open is left out, never counted as zero; when all are open
    there is no number yet.
    """
    employed: list[Evidence] = []
    counted: list[Evidence] = []
    excluded: list[Evidence] = []
    windows: list[Any] = []
    closed = False
    for one in outcomes.outcomes_in(scope):
        windows.append(_window_text(one, as_of))
        if one.window.is_closed(as_of):
            closed = True
            rate = outcomes.employment_of(one)
            employed += rate.employed
            counted += rate.counted
            excluded += rate.excluded
    return share(
        numerator=employed,
        denominator=counted,
        excluded=excluded,
        as_of=as_of,
        window=_joined(windows),
        countable=closed,
    )


def _joined(windows: Sequence[Any]) -> Any:
    # Each window is read in the reader's language, so they are joined only then.
    places = "; ".join(f"%(w{place})s" for place in range(len(windows)))
    return phrase(places, **{f"w{place}": window for place, window in enumerate(windows)})


def _window_text(one: outcomes.CohortOutcomes, as_of: dt.date) -> Any:
    facts: dict[str, Any] = {
        "cohort": one.cohort,
        "begins_by": one.window.begins_by.isoformat(),
        "evidence_by": one.window.evidence_by.isoformat(),
    }
    if one.window.is_closed(as_of):
        return phrase(_("%(cohort)s: begun by %(begins_by)s, evidence by %(evidence_by)s"), **facts)
    return phrase(
        _("%(cohort)s: not counted yet; its window is open until %(evidence_by)s"), **facts
    )


def _jobs(scope: Scope, as_of: dt.date) -> list[Row]:
    return [
        row
        for one in outcomes.outcomes_in(scope)
        for row in outcomes.placement_rows(one, as_of=as_of)
    ]


def _counted(keep: Callable[[Evidence], bool], scope: Scope, as_of: dt.date) -> Value:
    rows = (row for _placement, _enrolment, row in _jobs(scope, as_of) if keep(row))
    return count(rows=rows, as_of=as_of, window=_until(as_of))


def _until(as_of: dt.date) -> Any:
    return phrase(_("begun and proved by %(day)s"), day=as_of.isoformat())


def _any(row: Evidence) -> bool:
    return True


def _at_centre(row: Evidence) -> bool:
    return bool(row.state["research_centre"])


def _founded(row: Evidence) -> bool:
    return row.state["kind"] == PlacementKind.FOUNDING


def _local_hire(row: Evidence) -> bool:
    return bool(row.state["local"]) and row.state["kind"] == PlacementKind.EMPLOYMENT


def research_centre_local_share(scope: Scope, as_of: dt.date) -> Value:
    """Local talents among those who work at the research centre."""
    rows = [row for _placement, _enrolment, row in _jobs(scope, as_of) if _at_centre(row)]
    return share(
        numerator=(row for row in rows if row.state["local"]),
        denominator=rows,
        as_of=as_of,
        window=_until(as_of),
    )


def retention(months: int, scope: Scope, as_of: dt.date) -> Value:
    """Jobs kept after so many months among those whose day of asking has come.

    Who was not asked or did not answer stays in the denominator as not kept.
    """
    rows: list[Evidence] = []
    for one in outcomes.outcomes_in(scope):
        jobs = {job.pk: row for job, _by, row in outcomes.placement_rows(one, as_of=as_of)}
        for check in outcomes.checks_of(one.cohort, months=months, as_of=as_of):
            if job := jobs.get(check.placement_id):
                rows.append(_check_row(check, job, as_of))
    return share(
        numerator=(row for row in rows if row.state["state"] == CheckState.KEPT),
        denominator=rows,
        as_of=as_of,
        window=_retention_text(months, rows, as_of),
        countable=bool(rows),
    )


def _check_row(check: RetentionCheck, job: Evidence, as_of: dt.date) -> Evidence:
    known = check.answered_on is not None and check.answered_on <= as_of
    return Evidence(
        kind="careers.retentioncheck",
        uuid=check.uuid,
        state={
            "placement": str(job.uuid),
            "months": check.months,
            "due_on": check.due_on.isoformat(),
            "state": check.state if known else CheckState.DUE.value,
        },
        subject=job.subject,
        groups=job.groups,
    )


def _retention_text(months: int, rows: Iterable[Evidence], as_of: dt.date) -> Any:
    silent = sum(row.state["state"] in (CheckState.DUE, CheckState.UNKNOWN) for row in rows)
    return phrase(
        _(
            "jobs whose %(months)s months had passed by %(day)s; %(silent)s without an answer "
            "count as not kept"
        ),
        months=months,
        day=as_of.isoformat(),
        silent=silent,
    )


_PROVED = gettext_lazy(
    "Only jobs that have begun and are proved by employment insurance, a contract or a business "
    "registration count."
)

INDICATORS = (
    Indicator(
        key="careers.placements",
        title=gettext_lazy("Placements"),
        definition=gettext_lazy(
            "Jobs and own companies that people of the cohort began since its first day. A person "
            "with two jobs counts twice. Only what is proved counts."
        ),
        unit="count",
        compute=partial(_counted, _any),
        group_by=GROUPS,
    ),
    Indicator(
        key="careers.employment_rate_6m",
        title=gettext_lazy("Employment rate within six months"),
        definition=gettext_lazy(
            "(B + C) ÷ (C + A − D − E). A: completed. B: completed and in a job, or with an own "
            "company, that began by the end of the window, lasted beyond the course and was proved "
            "by the deadline. C: left for a job before completing. D: excluded with evidence. "
            "E: not unemployed at the start. Window and deadline are those of the programme's "
            "rules, usually six and seven months after the last day. Before the deadline has "
            "passed there is no number."
        ),
        unit="share",
        compute=employment_rate,
        group_by=GROUPS,
        exclusions=gettext_lazy(
            "D: further study, military service, imprisonment, death, emigration, illness of three "
            "weeks or more, pregnancy or birth. E: not unemployed at the start. They leave "
            "numerator and denominator."
        ),
    ),
    *(
        Indicator(
            key=f"careers.retention_{months}m",
            title=title,
            definition=gettext_lazy(
                "Jobs still kept, by the word of employer, graduate or records, among all proved "
                "jobs whose day of asking has come. Without an answer a job counts as not kept."
            ),
            unit="share",
            compute=partial(retention, months),
            group_by=GROUPS,
        )
        for months, title in (
            (3, gettext_lazy("Jobs kept for three months")),
            (6, gettext_lazy("Jobs kept for six months")),
            (12, gettext_lazy("Jobs kept for twelve months")),
        )
    ),
    Indicator(
        key="careers.research_centre_jobs",
        title=gettext_lazy("Jobs at the research centre"),
        definition=_PROVED,
        unit="count",
        compute=partial(_counted, _at_centre),
        group_by=GROUPS,
    ),
    Indicator(
        key="careers.research_centre_local_share",
        title=gettext_lazy("Local talents at the research centre"),
        definition=gettext_lazy(
            "Among the proved jobs at the research centre, those of people who counted as local "
            "when they applied to the programme: by the regions of the cohort and the definition "
            "in the programme's rules."
        ),
        unit="share",
        compute=research_centre_local_share,
        group_by=GROUPS,
    ),
    Indicator(
        key="careers.local_hires",
        title=gettext_lazy("Local talents hired"),
        definition=gettext_lazy(
            "Proved jobs, own companies not included, of people who counted as local when they "
            "applied to the programme."
        ),
        unit="count",
        compute=partial(_counted, _local_hire),
        group_by=GROUPS,
    ),
    Indicator(
        key="careers.founders",
        title=gettext_lazy("Companies founded"),
        definition=gettext_lazy("Own companies, proved by their business registration."),
        unit="count",
        compute=partial(_counted, _founded),
        group_by=GROUPS,
    ),
)
