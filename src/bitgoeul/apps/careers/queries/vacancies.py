"""Lists of vacancies."""

from django.db.models import Q, QuerySet

from bitgoeul.apps.careers.models import Vacancy
from bitgoeul.apps.credentials.models import Skill


def vacancies_listed(
    visible: Q,
    *,
    q: str = "",
    region: str = "",
    employment_type: str = "",
    state: str = "",
    research_centre: bool = False,
) -> QuerySet[Vacancy]:
    """Return vacancies by words in title, number or organisation, and by their facts."""
    found = Vacancy.objects.filter(visible).select_related("organisation")
    for word in q.split():
        found = found.filter(
            Q(title_ko__icontains=word)
            | Q(title_en__icontains=word)
            | Q(number__icontains=word)
            | Q(organisation__name_ko__icontains=word)
            | Q(organisation__name_en__icontains=word)
        )
    exact = {"region": region, "employment_type": employment_type, "state": state}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if research_centre:
        found = found.filter(research_centre=True)
    return found.order_by("organisation__name_ko", "number")


def skill_names_of(vacancy: Vacancy) -> list[str]:
    """Return the names of the skills that an employer chose for a vacancy."""
    if not vacancy.skills:
        return []
    return [
        skill.name for skill in Skill.objects.filter(key__in=vacancy.skills).order_by("name_ko")
    ]
