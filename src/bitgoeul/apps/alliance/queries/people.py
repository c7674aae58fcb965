"""Reads over people, roles, agreements and consents."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.alliance.enums import Purpose, Role
from bitgoeul.apps.alliance.models import (
    Agreement,
    Article,
    Commitment,
    Consent,
    ConsentText,
    Membership,
    NameKey,
    Organisation,
    Party,
    RoleInvitation,
    SecondFactorReset,
    User,
)
from bitgoeul.apps.alliance.queries.committee import committee_data_of, committee_groups
from bitgoeul.core import clock, finding, hangul
from bitgoeul.core.db.matching import matches
from bitgoeul.core.journal.models import Reading
from bitgoeul.core.journal.queries import readings_about
from bitgoeul.core.notices.queries import kept_about


def roles_of(user: User | AnonymousUser, *, on: dt.date | None = None) -> frozenset[str]:
    """Return the roles a person holds on a day (today when none is given)."""
    if not isinstance(user, User):
        return frozenset()
    if on is None:
        return rules.standing_of(user).roles
    held = Membership.objects.on(on).filter(person=user)
    roles = frozenset(held.values_list("role", flat=True))
    return roles | {Role.ADMINISTRATOR.value} if user.is_superuser else roles


def organisations_of(
    user: User | AnonymousUser, *, role: Role, on: dt.date | None = None
) -> QuerySet[Organisation]:
    """Return the organisations for which a person acts in a role."""
    if not isinstance(user, User):
        return Organisation.objects.none()
    held = Membership.objects.on(on or clock.today()).filter(person=user, role=role)
    return Organisation.objects.filter(pk__in=held.values("organisation"))


def current_consent_texts(*, purposes: Iterable[Purpose], on: dt.date) -> list[ConsentText]:
    """Return the newest published text of each purpose, in the order asked for."""
    texts = ConsentText.objects.filter(purpose__in=list(purposes), published_on__lte=on)
    newest: dict[str, ConsentText] = {}
    for text in texts.order_by("purpose", "version"):
        newest[text.purpose] = text
    return [newest[purpose] for purpose in purposes if purpose in newest]


def has_consented(person: User, purpose: Purpose) -> bool:
    """Tell whether a person's consent to a purpose stands today."""
    return Consent.objects.filter(
        person=person, text__purpose=purpose, withdrawn_at__isnull=True
    ).exists()


def people_having_consented(purpose: Purpose) -> QuerySet[User]:
    """Return everyone whose consent to a purpose stands, for use as a subquery."""
    standing = Consent.objects.filter(text__purpose=purpose, withdrawn_at__isnull=True)
    return User.objects.filter(pk__in=standing.values("person"))


def people_having_withdrawn(purpose: Purpose) -> QuerySet[User]:
    """Return everyone who consented to a purpose once and took it back, for use as a subquery."""
    withdrawn = Consent.objects.filter(text__purpose=purpose, withdrawn_at__isnull=False)
    standing = Consent.objects.filter(text__purpose=purpose, withdrawn_at__isnull=True)
    return User.objects.filter(pk__in=withdrawn.order_by().values("person")).exclude(
        pk__in=standing.order_by().values("person")
    )


def has_withdrawn(person_id: int, purpose: Purpose) -> bool:
    """Tell whether a person took their consent to a purpose back."""
    return people_having_withdrawn(purpose).filter(pk=person_id).exists()


@dataclass(frozen=True, kw_only=True)
class PurposeCount:
    """How many people stand where, for one purpose."""

    purpose: Purpose
    standing: int
    outdated: int
    withdrawn: int


def consent_counts(*, on: dt.date) -> list[PurposeCount]:
    """Count people by purpose: consent stands, stands to an outdated text, was withdrawn."""
    asked = _asked_versions(on=on)
    rows = Consent.objects.order_by().values_list(
        "text__purpose", "text__version", "person", "withdrawn_at"
    )
    newest: dict[str, dict[int, int]] = {purpose: {} for purpose in Purpose}
    ended: dict[str, set[int]] = {purpose: set() for purpose in Purpose}
    for purpose, version, person, withdrawn_at in rows.iterator():
        if withdrawn_at is None:
            newest[purpose][person] = max(version, newest[purpose].get(person, 0))
        else:
            ended[purpose].add(person)
    return [
        PurposeCount(
            purpose=purpose,
            standing=len(newest[purpose]),
            outdated=sum(v < asked.get(purpose, 0) for v in newest[purpose].values()),
            withdrawn=len(ended[purpose] - newest[purpose].keys()),
        )
        for purpose in Purpose
    ]


def consents_listed(*, name: str = "", purpose: str = "", state: str = "") -> QuerySet[Consent]:
    """Return the register, the newest first."""
    found = Consent.objects.select_related("person", "text").order_by("-given_at", "-pk")
    if name.strip():
        found = found.filter(person__in=people_found(name, Q()).values("pk"))
    if purpose:
        found = found.filter(text__purpose=purpose)
    if state:
        found = found.filter(withdrawn_at__isnull=state == "standing")
    return found


def second_factor_resets(*, limit: int = 50) -> QuerySet[SecondFactorReset]:
    """Return the latest requests, those that wait first."""
    rows = SecondFactorReset.objects.select_related("person", "asked_by", "decided_by")
    return rows.order_by(F("decided_at").desc(nulls_first=True), "-asked_at")[:limit]


def invitations_listed(
    visible: Q, *, name: str = "", state: str = "", at: dt.datetime
) -> QuerySet[RoleInvitation]:
    """Return invitations by part of the address and by state, the newest first."""
    rows = RoleInvitation.objects.filter(visible)
    if name:
        rows = rows.filter(email__icontains=name)
    if state:
        rows = rows.in_state(state, at=at)
    return rows.select_related("organisation", "invited_by", "accepted_by")


def account_of(email: str) -> User | None:
    """Return whose address this is: the account's own, or one that they confirmed later."""
    address = email.strip().lower()
    people = User.objects.filter(is_active=True)
    own = people.filter(email=address).first()
    if own is not None:
        return own
    confirmed = EmailAddress.objects.filter(email__iexact=address, verified=True)
    return people.filter(pk__in=confirmed.values("user")).first()


def can_sign_in(person: User) -> bool:
    """Tell whether an account has a way in of its own: a password, or an account of elsewhere."""
    return person.has_usable_password() or SocialAccount.objects.filter(user=person).exists()


def consent_history(person: User) -> QuerySet[Consent]:
    """Return everything that a person consented to and took back, the newest first."""
    return person.consents.select_related("text").order_by("-given_at", "-pk")


def consent_texts_listed() -> QuerySet[ConsentText]:
    """Return every version of every text, the newest of a purpose first."""
    standing = Count("consents", filter=Q(consents__withdrawn_at__isnull=True))
    return ConsentText.objects.annotate(standing=standing).order_by("purpose", "-version")


def _asked_versions(*, on: dt.date) -> dict[str, int]:
    """The version of each purpose to which a consent must have been given to be up to date."""
    texts = ConsentText.objects.filter(published_on__lte=on, asks_again=True)
    return {text.purpose: text.version for text in texts.order_by("version")}


def agreements() -> QuerySet[Agreement]:
    """Return agreements with their parties, for lists."""
    parties = Party.objects.select_related("organisation")
    found = Agreement.objects.prefetch_related(Prefetch("signatories", queryset=parties))
    counted = found.annotate(commitment_count=Count("commitments", distinct=True))
    return counted.order_by("-signed_on", "id")


def articles_with_commitments(agreement: Agreement) -> list[Article]:
    """Return an agreement's articles; each carries its commitments as `promised`."""
    promised = Prefetch(
        "commitments",
        queryset=Commitment.objects.select_related("responsible"),
        to_attr="promised",
    )
    return list(Article.objects.filter(agreement=agreement).prefetch_related(promised))


def commitments_without_article(agreement: Agreement) -> QuerySet[Commitment]:
    """Return commitments that stand under no article."""
    return Commitment.objects.filter(agreement=agreement, article__isnull=True).select_related(
        "responsible"
    )


def parties_of(agreement: Agreement) -> QuerySet[Organisation]:
    """Return who signed an agreement, in the order of signing."""
    return Organisation.objects.filter(signatures__agreement=agreement).order_by(
        "signatures__order", "signatures__id"
    )


def organisations_listed(*, name: str = "", kind: str = "") -> QuerySet[Organisation]:
    """Return organisations by a part of the name and a kind."""
    found = Organisation.objects.all()
    if name:
        found = found.filter(matches(name, "name_ko", "name_en"))
    return found.filter(kind=kind) if kind else found


FOUND_AT_MOST = 1000
"""A question that more people answer to is too wide; so many of them are shown."""


def name_keys(question: str) -> QuerySet[NameKey]:
    """Return the keys of the people whose names hold every word of a question.

    A word is a part of a name, its initial consonants, or a mixture: 솔빛, ㄱㄹㅅㅂ, 가ㄹ솔.
    """
    asked = sorted(hangul.words(question), key=len, reverse=True)
    if not asked:
        return NameKey.objects.none()
    found = NameKey.objects.get_queryset().beginning(asked[0])
    for word in asked[1:]:
        also = NameKey.objects.get_queryset().beginning(word)
        found = found.filter(person__in=also.order_by().values("person"))
    return found


def people_found(question: str, visible: Q) -> QuerySet[User]:
    """Return whom a question finds among those one may see: by name, or by e-mail with its @."""
    if "@" in question:
        address = hangul.fold(question).strip()
        seen = User.objects.filter(email__begins=address).order_by("email")
        ids = _among(seen, visible, "")[:FOUND_AT_MOST].values("pk")
    else:
        ids = _among(name_keys(question), visible, "person__in")[:FOUND_AT_MOST].values("person")
    return User.objects.filter(pk__in=ids)


def _among(rows: QuerySet[Any], visible: Q, path: str) -> QuerySet[Any]:
    """Keep what belongs to visible people; no condition at all when everybody is."""
    if not visible:
        return rows
    seen = User.objects.filter(visible).order_by().values("pk")
    return rows.filter(**{path or "pk__in": seen})


def people_in_chunks(size: int = 2000) -> Iterator[list[User]]:
    """Walk over everybody, a chunk at a time, with their names only."""
    last = 0
    while True:
        rows = User.objects.filter(pk__gt=last).order_by("pk")
        chunk = list(rows.only("pk", "full_name", "romanised_name")[:size])
        if not chunk:
            return
        yield chunk
        last = chunk[-1].pk


def stale_among(people: Sequence[User]) -> list[User]:
    """Return those whose search keys are not the ones that their names give."""
    kept: dict[int, set[hangul.Key]] = {}
    rows = NameKey.objects.filter(person__in=[person.pk for person in people]).order_by()
    for person, text, initials in rows.values_list("person", "text", "initials"):
        kept.setdefault(person, set()).add(hangul.Key(text=text, initials=initials))
    return [
        person
        for person in people
        if kept.get(person.pk, set())
        != set(hangul.keys_of(person.full_name, person.romanised_name))
    ]


def people_listed(visible: Q, *, name: str = "", role: str = "") -> QuerySet[User]:
    """Return people with their present roles as `roles_held`, by name or e-mail and by role."""
    today = clock.today()
    held = Prefetch(
        "memberships",
        queryset=Membership.objects.on(today).select_related("organisation"),
        to_attr="roles_held",
    )
    found = people_found(name, visible) if name.strip() else _among(User.objects.all(), visible, "")
    if role:
        holders = Membership.objects.on(today).filter(role=role)
        found = found.filter(pk__in=holders.values("person"))
    return found.order_by("full_name", "pk").prefetch_related(held)


def memberships_of(person: User) -> QuerySet[Membership]:
    """Return every role a person has or had, the present ones first."""
    return person.memberships.select_related("organisation").order_by("-started_on", "id")


def staff_of(organisation: Organisation) -> QuerySet[Membership]:
    """Return who acts for an organisation today."""
    return (
        Membership.objects.on(clock.today())
        .filter(organisation=organisation)
        .select_related("person")
        .order_by("role", "person__full_name", "id")
    )


def people_hiring_for(organisations: Iterable[int], *, on: dt.date) -> dict[int, list[User]]:
    """Return the recruiters and officers of organisations on a day, by organisation."""
    held = Membership.objects.on(on).filter(
        organisation__in=set(organisations), role__in=(Role.RECRUITER, Role.OFFICER)
    )
    found: dict[int, dict[int, User]] = {}
    for membership in held.select_related("person").order_by("pk"):
        people = found.setdefault(membership.organisation_id, {})
        people[membership.person_id] = membership.person
    return {organisation: list(people.values()) for organisation, people in found.items()}


def officers_of_parties(agreement: Agreement, *, on: dt.date) -> list[User]:
    """Return the officers of everyone who signed an agreement."""
    parties = Party.objects.filter(agreement=agreement).values("organisation")
    held = Membership.objects.on(on).filter(organisation__in=parties, role=Role.OFFICER)
    return list(User.objects.filter(pk__in=held.values("person"), is_active=True).order_by("pk"))


@dataclass(frozen=True, kw_only=True)
class PurposeStanding:
    """One purpose as its owner sees it: the newest text, and the consent that stands."""

    purpose: Purpose
    text: ConsentText
    consent: Consent | None
    asked_version: int = 0

    @property
    def outdated(self) -> bool:
        """The standing consent was given before a change that matters."""
        return self.consent is not None and self.consent.text.version < self.asked_version


def purposes_of(person: User, *, on: dt.date) -> list[PurposeStanding]:
    """Return every purpose that has a published text, with where the person stands."""
    standing = {
        consent.text.purpose: consent
        for consent in person.consents.filter(withdrawn_at__isnull=True)
        .select_related("text")
        .order_by("text__version")
    }
    asked = _asked_versions(on=on)
    return [
        PurposeStanding(
            purpose=Purpose(text.purpose),
            text=text,
            consent=standing.get(text.purpose),
            asked_version=asked.get(text.purpose, 0),
        )
        for text in current_consent_texts(purposes=list(Purpose), on=on)
    ]


def outdated_consents(person: User, *, on: dt.date) -> QuerySet[Consent]:
    """Return consents that stand though a later text has asked again; `purposes_of` says which."""
    later = ConsentText.objects.filter(
        purpose=OuterRef("text__purpose"),
        version__gt=OuterRef("text__version"),
        published_on__lte=on,
        asks_again=True,
    )
    return person.consents.filter(Exists(later.order_by()), withdrawn_at__isnull=True)


@dataclass(frozen=True, kw_only=True)
class Access:
    """Somebody read a person's data: who, for which organisation, when and why."""

    reading: Reading
    reader: str
    organisations: str


def accesses_to(person: User, *, limit: int = 20) -> list[Access]:
    """Return the latest readings of a person's data, with the readers named."""
    readings = list(readings_about(person.uuid)[:limit])
    readers = _readers({reading.actor_uuid for reading in readings})
    return [
        Access(
            reading=reading,
            reader=str(readers.get(reading.actor_uuid, "")),
            organisations=_organisations_of(readers.get(reading.actor_uuid)),
        )
        for reading in readings
    ]


def role_holders_between(start: dt.date, end: dt.date) -> set[UUID]:
    """Return the uuids of everyone who held a role (or ran the installation) in a stretch."""
    held = Membership.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=start), started_on__lte=end
    )
    people = User.objects.filter(Q(pk__in=held.values("person")) | Q(is_superuser=True))
    return set(people.values_list("uuid", flat=True))


def personal_data_of(person: User) -> dict[str, Sequence[Mapping[str, object]]]:
    """Return what this room keeps about a person, for the file they may take with them."""
    fields = ("email", "full_name", "romanised_name", "phone", "birth_on", "sex", "residence")
    account = {name: getattr(person, name) for name in (*fields, "language", "created_at", "uuid")}
    roles = [
        {
            "organisation": membership.organisation.name_ko,
            "role": membership.role,
            "from": membership.started_on,
            "until": membership.ended_on,
        }
        for membership in memberships_of(person)
    ]
    consents = [
        {
            "purpose": consent.text.purpose,
            "version": consent.text.version,
            "text": consent.text.text,
            "given_at": consent.given_at,
            "withdrawn_at": consent.withdrawn_at,
            "source": consent.source,
        }
        for consent in person.consents.select_related("text")
    ]
    readings = [
        {
            "at": row.reading.at,
            "reader": row.reader,
            "organisations": row.organisations,
            "what": row.reading.what,
            "purpose": row.reading.purpose,
        }
        for row in accesses_to(person, limit=10_000)
    ]
    return {
        "account": [account],
        "roles": roles,
        "consents": consents,
        "readings": readings,
        "news": kept_about(person),
        **committee_data_of(person),
    }


def _readers(uuids: set[UUID]) -> dict[UUID, User]:
    memberships = Prefetch(
        "memberships",
        queryset=Membership.objects.select_related("organisation"),
        to_attr="roles_ever",
    )
    people = User.objects.filter(uuid__in=uuids).prefetch_related(memberships)
    return {user.uuid: user for user in people}


def _organisations_of(user: User | None) -> str:
    held: list[Membership] = getattr(user, "roles_ever", [])
    return ", ".join(dict.fromkeys(str(membership.organisation) for membership in held))


def search(question: str, user: Any) -> list[finding.Group]:
    """Find people, organisations, agreements and what committees keep, as far as one may see."""
    found = [_people(question, user), _organisations(question, user), _agreements(question, user)]
    return found + committee_groups(question, user)


def _people(question: str, user: Any) -> finding.Group:
    rows = people_found(question, rules.people_visible_to(user)).order_by("full_name", "pk")
    hits = (
        finding.Hit(
            title=str(person),
            route="alliance:person_detail",
            uuid=person.uuid,
            note=person.email,
            subject=person.uuid,
        )
        for person in finding.first(rows)
    )
    route = "alliance:person_list" if rules.can_view_people(user) else ""
    return finding.group(_("People and roles"), hits, route=route)


def _organisations(question: str, user: Any) -> finding.Group:
    rows = organisations_listed(name=question).filter(rules.organisations_visible_to(user))
    hits = (
        finding.Hit(
            title=each.name,
            route="alliance:organisation_detail",
            uuid=each.uuid,
            note=each.get_kind_display(),
        )
        for each in finding.first(rows)
    )
    return finding.group(_("Organisations"), hits, route="alliance:organisation_list")


def _agreements(question: str, user: Any) -> finding.Group:
    rows = Agreement.objects.filter(rules.agreements_visible_to(user))
    rows = rows.filter(matches(question, "title_ko", "title_en"))
    hits = (
        finding.Hit(title=each.title, route="alliance:agreement_detail", uuid=each.uuid)
        for each in finding.first(rows)
    )
    return finding.group(_("Agreements"), hits)
