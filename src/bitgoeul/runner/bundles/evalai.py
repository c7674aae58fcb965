"""EvalAI challenge zips: phases, splits and leaderboards, and an `evaluate` that is run apart.

EvalAI imports the organiser's script into its own worker. Here a small program of ours imports
it in a sandbox, calls it as EvalAI does, and writes what it returned as scores.
"""

from __future__ import annotations

import posixpath
import shlex
from dataclasses import dataclass, replace

from .archive import Archive, read_zip
from .documents import Entry, read_yaml
from .model import Bundle, BundlePhase, BundleTask, Column, Files, Leaderboard, Page, Program
from .parts import Parts
from .problems import BundleError

PAGES = (
    ("description", "Description"),
    ("evaluation_details", "Evaluation"),
    ("terms_and_conditions", "terms"),
    ("submission_guidelines", "Submission guidelines"),
)
PUBLIC = 3
DRIVER = "_call_evaluate.py"
CALL = '''\
"""Calls a challenge's `evaluate` as EvalAI does; its numbers become scores."""
import inspect, json, os, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import challenge
if not hasattr(challenge, "evaluate"):
    import challenge.main as challenge
annotation, submission, phase = sys.argv[1:4]
kinds = [p.kind for p in inspect.signature(challenge.evaluate).parameters.values()]
more = {"submission_metadata": {}} if inspect.Parameter.VAR_KEYWORD in kinds else {}
output = challenge.evaluate(annotation, submission, phase, **more)
if not isinstance(output, dict) or not isinstance(output.get("result"), (list, dict)):
    raise SystemExit(f"evaluate returned no result but {type(output).__name__}: {output}"[:300])
scores = {}
given = output["result"]
for part in given if isinstance(given, list) else [given]:
    for split, labels in part.items():
        for label, value in labels.items():
            scores[f"{split}/{label}"] = value.item() if hasattr(value, "item") else value
with open("/app/output/scores.json", "w") as out:
    json.dump(scores, out, default=str)
'''


def read_evalai(content: bytes) -> Bundle:
    """Read a challenge zip.

    Raises
    ------
    BundleError
        It names the member of the zip and the key in it.
    """
    return from_archive(read_zip(content))


def from_archive(archive: Archive) -> Bundle:
    """The same of a zip that is read already."""
    folder, name = find(archive)
    parts = Parts(archive.within(folder) if folder else archive, name)
    document = read_yaml(parts.archive[name], member=name)
    bundle = Reading(document, parts).bundle()
    return replace(bundle, warnings=tuple(parts.warnings))


def find(archive: Archive) -> tuple[str, str]:
    """The folder of the challenge's YAML and its name, whatever it is called."""
    found = [name for name in archive if posixpath.splitext(name)[1].lower() in {".yaml", ".yml"}]
    if not found:
        raise BundleError("no_challenge_yaml", value=", ".join(sorted(archive)[:3]))
    least = min(name.count("/") for name in found)
    nearest = sorted(name for name in found if name.count("/") == least)
    named = [name for name in nearest if posixpath.basename(name).startswith("challenge_config")]
    if len(named or nearest) > 1:
        raise BundleError("several_challenges", value=", ".join(nearest[:3]))
    folder, name = posixpath.split((named or nearest)[0])
    return folder, name


def is_evalai(archive: Archive) -> bool:
    """Whether one of its YAML files speaks of a challenge's phases."""
    return any(
        b"challenge_phases" in content
        for name, content in archive.items()
        if posixpath.splitext(name)[1].lower() in {".yaml", ".yml"}
    )


@dataclass
class Reading:
    """A challenge's YAML on its way to a bundle."""

    document: Entry
    parts: Parts

    def bundle(self) -> Bundle:
        """The bundle: a task for each phase, a leaderboard for each phase and split."""
        document = self.document
        for key in ("is_docker_based", "remote_evaluation"):
            if document.yes(key):
                raise document.need(key).wrong("runs_elsewhere")
        title = document.need("title").text()
        description = document.words("short_description")
        phases = document.need("challenge_phases").items()
        if not phases:
            raise document.need("challenge_phases").wrong("empty_list")
        script = self._script()
        known = {self._id(entry): number for number, entry in enumerate(phases)}
        picture = document.get("image", "logo")
        return Bundle(
            format="evalai",
            title=title,
            description=description,
            phases=tuple(self._phase(number, entry) for number, entry in enumerate(phases)),
            tasks=tuple(self._task(number, entry, script) for number, entry in enumerate(phases)),
            leaderboards=self._boards(phases, known),
            pages=tuple(self._pages()),
            image=self.parts.name(picture) if picture is not None else "",
        )

    def _id(self, entry: Entry) -> str:
        return entry.need("id").text()

    def _pages(self) -> list[Page]:
        found = []
        for key, title in PAGES:
            entry = self.document.get(key)
            if entry is not None:
                found.append(self.parts.page(title, entry))
        return found

    def _script(self) -> Files:
        entry = self.document.need("evaluation_script")
        files = self.parts.files(entry)
        folder = Archive(files).wrapper
        if folder and "__init__.py" not in files:
            files = Archive(files).below(folder)
        if not {"__init__.py", "main.py"} & files.keys():
            raise entry.wrong("evaluate_missing")
        inner = {f"challenge/{name}": content for name, content in files.items()}
        inner.setdefault("challenge/__init__.py", b"")
        return {**inner, DRIVER: CALL.encode()}

    def _phase(self, number: int, entry: Entry) -> BundlePhase:
        begins, ends = entry.date("start_date"), entry.date("end_date")
        if begins and ends and ends < begins:
            raise entry.need("end_date").wrong("ends_before_it_starts")
        monthly = entry.number("max_submissions_per_month", least=1)
        most = entry.number("max_submissions", least=1)
        if monthly is not None and (most is None or monthly < most):
            self.parts.warn("monthly_limit", at=entry.need("max_submissions_per_month"))
        page = entry.get("description")
        return BundlePhase(
            index=number,
            name=entry.need("name").text(),
            description=self.parts.page("description", page).text if page is not None else "",
            start=begins,
            end=ends,
            tasks=(number,),
            most=most,
            most_per_day=entry.number("max_submissions_per_day", least=1),
            results_only=True,
        )

    def _task(self, number: int, entry: Entry, script: Files) -> BundleTask:
        annotation = entry.need("test_annotation_file")
        reference = self.parts.files(annotation)
        name = self.parts.name(annotation)
        file = posixpath.basename(name)
        if len(reference) != 1 or file not in reference:
            # A zip: EvalAI gives the script the file as it lies there.
            content = self.parts.archive.files.get(name)
            if content is None:
                raise annotation.wrong("file_missing")
            reference = {file: content}
        words = (f"/app/input/ref/{file}", "$result", entry.need("codename").text())
        command = " ".join(["python3", f"/app/program/{DRIVER}", *map(shlex.quote, words)])
        types = entry.words("allowed_submission_file_types")
        return BundleTask(
            index=number,
            name=entry.need("name").text(),
            scoring=Program(
                script, command, self.parts.name(self.document.need("evaluation_script"))
            ),
            reference=reference,
            as_it_is=True,
            file_types=tuple(word.strip().lower() for word in types.split(",") if word.strip()),
        )

    def _boards(self, phases: list[Entry], known: dict[str, int]) -> tuple[Leaderboard, ...]:
        schemas = {self._id(entry): entry for entry in self.document.need("leaderboard").items()}
        splits = {self._id(entry): entry for entry in self.document.need("dataset_splits").items()}
        found = []
        listed = self.document.need("challenge_phase_splits")
        for entry in listed.items():
            place = entry.need("challenge_phase_id")
            if place.text() not in known:
                raise place.wrong("phase_unknown")
            split = entry.need("dataset_split_id")
            if split.text() not in splits:
                raise split.wrong("split_unknown")
            board = entry.need("leaderboard_id")
            if board.text() not in schemas:
                raise board.wrong("board_unknown")
            number = known[place.text()]
            found.append(
                self._board(entry, schemas[board.text()], splits[split.text()], number, phases)
            )
        if not found:
            raise listed.wrong("empty_list")
        return tuple(found)

    def _board(
        self, entry: Entry, given: Entry, split: Entry, task: int, phases: list[Entry]
    ) -> Leaderboard:
        schema = given.need("schema")
        labels = [label.text() for label in schema.need("labels").items()]
        first = schema.need("default_order_by")
        if first.text() not in labels:
            raise first.wrong("label_unknown")
        codename = split.need("codename").text()
        visibility = entry.number("visibility")
        columns = [self._column(label, codename, entry, schema, first.text()) for label in labels]
        columns.sort(key=lambda column: column.title != first.text())
        return Leaderboard(
            title=f"{phases[task].need('name').text()}: {split.need('name').text()}",
            key=f"{task}/{codename}/{given.need('id').text()}",
            columns=tuple(replace(column, index=n) for n, column in enumerate(columns)),
            hidden=visibility is not None and visibility != PUBLIC,
            task=task,
        )

    def _column(self, label: str, codename: str, entry: Entry, schema: Entry, first: str) -> Column:
        descending = True
        whole = entry.get("is_leaderboard_order_descending")
        if whole is not None and label == first:
            descending = whole.flag()
        about = schema.get("metadata")
        own = about.get(label) if about is not None else None
        if own is not None and own.get("sort_ascending") is not None:
            descending = not own.yes("sort_ascending")
        digits = entry.number("leaderboard_decimal_precision")
        return Column(
            title=label,
            key=f"{codename}/{label}",
            index=0,
            descending=descending,
            precision=min(digits, 10) if digits is not None else 2,
        )
