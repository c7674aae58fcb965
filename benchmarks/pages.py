"""CPU of a page of fifty rows: ours beside the same table by Django's own ListView, in one run.

    python benchmarks/generate.py --people 100000 && python benchmarks/pages.py

Ours checks who may see what, writes the record of access to personal data, and draws the whole
page with menu, filter and page numbers. The peer is a plain ListView with a plain template in the
same layout, as Django's documentation shows it: no rule, no record, no filter.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from calling import caller, cookie_of, measured


def peer_urls(folder: Path) -> Any:
    """Plain list views over the same tables."""
    from django.urls import path
    from django.views.generic import ListView

    from bitgoeul.apps.alliance.models import User
    from bitgoeul.apps.programmes.models import Application

    people, applications = folder / "people.html", folder / "applications.html"
    assert people.exists()
    assert applications.exists()

    class People(ListView):
        queryset = User.objects.prefetch_related("memberships__organisation")
        paginate_by = 50
        template_name = people.name

    class Applications(ListView):
        paginate_by = 50
        template_name = applications.name

        def get_queryset(self) -> Any:
            rows = Application.objects.filter(cohort__uuid=self.kwargs["cohort"])
            return rows.select_related("person").prefetch_related(
                "choices__track", "stage_scores__stage"
            )

    return [
        path("peer/people/", People.as_view()),
        path("peer/applications/<uuid:cohort>/", Applications.as_view()),
    ]


def addresses() -> list[tuple[str, str, str]]:
    """What is measured: name, address, and the peer's address where there is one."""
    from bitgoeul.apps.alliance.models import Agreement, User
    from bitgoeul.apps.programmes.models import Cohort

    cohort = Cohort.objects.order_by("pk").first()
    last = User.objects.order_by("-pk").first()
    agreement = Agreement.objects.get()
    assert cohort
    assert last
    base = f"/programmes/cohorts/{cohort.uuid}"
    found = [
        ("people", "/alliance/people/", "/peer/people/"),
        ("people, page 100", "/alliance/people/?page=100", "/peer/people/?page=100"),
        ("people named 솔빛", "/alliance/people/?q=%EC%86%94%EB%B9%9B", ""),
        ("people ㄱㄹㅅ", "/alliance/people/?q=%E3%84%B1%E3%84%B9%E3%85%85", ""),
        ("people ㄱ", "/alliance/people/?q=%E3%84%B1", ""),
        ("person by e-mail", f"/alliance/people/?q={last.email}", ""),
        ("person", f"/alliance/people/{last.uuid}/", ""),
        ("organisations", "/alliance/organisations/", ""),
        ("applications", f"{base}/applications/", f"/peer/applications/{cohort.uuid}/"),
        ("applications ㄱㄹㅅ", f"{base}/applications/?q=%E3%84%B1%E3%84%B9%E3%85%85", ""),
        ("applications by number", f"{base}/applications/?q=A-000123", ""),
        ("roster", f"{base}/roster/", ""),
        ("search everywhere", "/search/?q=%E3%84%B1%E3%84%B9%E3%85%85", ""),
        ("vacancies", "/careers/", ""),
        ("placements", "/careers/placements/", ""),
        ("checks", "/careers/checks/", ""),
        ("dashboard", f"/reports/dashboards/{agreement.uuid}/", ""),
    ]
    return [row for row in found if row[1]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--times", type=int, default=60)
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    import django
    from django.conf import settings

    templates = Path(__file__).parent / "peer"
    settings.TEMPLATES[0]["DIRS"] = [*settings.TEMPLATES[0]["DIRS"], templates]
    django.setup()
    from bitgoeul.web import urls
    from bitgoeul.web.wsgi import application

    urls.urlpatterns += peer_urls(templates)
    get = caller(application)
    cookies = {"admin": cookie_of(1), "officer": cookie_of(3)}
    print(f"{'page':28}{'status':>7}{'queries':>8}{'bytes':>9}{'CPU ms':>8}{'peer':>8}{'ratio':>7}")
    for name, address, peer in addresses():
        if args.only not in name:
            continue
        cookie = cookies["admin" if address.startswith("/alliance") else "officer"]
        ours = measured(get, address, cookie, times=args.times)
        if ours.status != 200:
            sys.exit(f"{address} answers {ours.status}: nothing to measure")
        line = f"{name:28}{ours.status:>7}{ours.queries:>8}{ours.size:>9}{ours.cpu_ms:>8.2f}"
        if peer:
            other = measured(get, peer, cookie, times=args.times)
            line += f"{other.cpu_ms:>8.2f}{other.cpu_ms / ours.cpu_ms:>7.1f}"
        print(line, f"   95 % of answers within {ours.p95_ms:.0f} ms")


if __name__ == "__main__":
    main()
