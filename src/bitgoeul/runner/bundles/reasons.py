"""The words for what is wrong with a bundle or a submission; everything else here knows codes.

A caller translates the text and fills in its fields: `member`, `key`, `value` (or `detail`),
`line`.
"""

from __future__ import annotations

from ..reasons import STATES


def _(message: str) -> str:
    """Mark a text for translation."""
    return message


FILES = {
    "not_a_zip": _("This is no zip file that can be read. %(value)s"),
    "zip_too_large": _("Unpacked, the zip would be larger than %(value)s MB."),
    "zip_bomb": _("The file is packed far tighter than real files are."),
    "too_many_members": _("The zip holds more than %(value)s files."),
    "leads_outside": _("The name leads out of the folder: %(value)s"),
    "symbolic_link": _("Symbolic links are not taken."),
    "special_file": _("Only files and folders are taken."),
    "encrypted": _("The zip is locked with a password."),
    "unknown_compression": _("The zip is packed in a way that is not known here (%(value)s)."),
    "name_too_long": _("The name is too long (%(value)s letters)."),
    "member_twice": _("The file is in the zip twice, with different content."),
    "file_missing": _("The file is not in the zip: %(value)s"),
    "page_too_large": _("The page is too large (%(value)s bytes)."),
}
YAML = {
    "not_yaml": _("This is no YAML that can be read: %(value)s"),
    "not_text": _("The text is neither UTF-8 nor cp949."),
    "empty_yaml": _("The file is empty."),
    "yaml_too_large": _("The YAML is too large (%(value)s bytes)."),
    "yaml_bomb": _("The YAML unfolds to far more than a contest needs."),
    "yaml_tag": _("YAML tags are not taken: %(value)s"),
    "odd_key": _("A key must be a single word."),
    "key_twice": _("The key is there twice: %(value)s"),
    "key_missing": _("The key is missing."),
    "not_a_mapping": _("Here must be keys with values."),
    "not_a_list": _("Here must be a list."),
    "not_a_text": _("Here must be a single value."),
    "not_a_number": _("This is no number that can stand here: %(value)s"),
    "not_yes_or_no": _("This must be yes or no: %(value)s"),
    "not_a_date": _("This is no date that can be read: %(value)s"),
    "empty_list": _("The list is empty."),
    "unknown_word": _("This must be one of: %(value)s"),
}
BUNDLES = {
    "no_competition_yaml": _("There is no competition.yaml in the zip, but %(value)s."),
    "several_competitions": _("There is a second competition in the zip, beside %(value)s."),
    "unknown_version": _("Bundles of version %(value)s are not known; 1.5 and 2 are."),
    "index_twice": _("The index %(value)s is there twice."),
    "task_elsewhere": _(
        "The task lies on the other platform (%(value)s): export the bundle with its tasks."
    ),
    "task_unknown": _("There is no task %(value)s."),
    "phases_overlap": _("The phase begins before %(value)s has ended."),
    "end_missing": _("The phase has no end, but there is one after it."),
    "ends_before_it_starts": _("The phase ends before it begins: %(value)s"),
    "column_unknown": _("There is no column with the index %(value)s."),
    "computed_column": _("Columns that Codalab 1.5 computes from others are not known here."),
    "board_unknown": _("There is no leaderboard %(value)s."),
    "metadata_missing": _("The program has no metadata file that says how it starts."),
    "command_missing": _("The program's metadata has no command."),
    "no_challenge_yaml": _("There is no YAML of a challenge in the zip, but %(value)s."),
    "several_challenges": _("There is more than one YAML at the top of the zip: %(value)s"),
    "runs_elsewhere": _("Challenges that are evaluated on machines of their own are not taken."),
    "label_unknown": _("The leaderboard is ordered by %(value)s, which is none of its labels."),
    "split_unknown": _("There is no dataset split %(value)s."),
    "phase_unknown": _("There is no phase %(value)s."),
    "evaluate_missing": _("The evaluation script has no __init__.py and no main.py."),
    "no_solution": _("There is no solution.csv in the zip, but %(value)s."),
    "no_usage": _("The solution has no column Usage; its columns are: %(value)s"),
    "bad_usage": _("Usage must be Public, Private or Ignored, not %(value)s."),
    "no_id": _("The column of ids cannot be told; the columns are: %(value)s"),
    "no_target": _("There is no column to be predicted; the columns are: %(value)s"),
    "bad_csv": _("This is no CSV that can be read: %(value)s"),
    "bad_command": _("The command cannot be read: %(value)s"),
}
NOTICES = {
    "image_missing": _("The picture is not in the zip: %(value)s"),
    "solution_elsewhere": _("A solution lies on the other platform and is left out: %(value)s"),
    "monthly_limit": _("The limit a month is left out; limits here are a day and in total."),
    "parent_phase": _("The phase %(value)s only adds up others and is left out."),
    "package_missing": _(
        "The programs ask for the package %(value)s, which is not installed here."
    ),
}
SUBMISSIONS = {
    "submission_empty": _("There is nothing in it."),
    "file_type": _("Files of this kind are not taken; taken are: %(value)s"),
    "results_only": _("Only results are taken here, but there is a program in it: %(value)s"),
    "nobody_runs_it": _("The contest runs no code, but there is a program in it: %(value)s"),
    "result_missing": _("The scoring program did not find %(value)s in it."),
    "module_missing": _("The contest's program looks for a module %(value)s in it."),
    "no_scores": _("The scoring program wrote no scores.json and no scores.txt. %(value)s"),
    "bad_scores": _("The scores that the scoring program wrote cannot be read. %(value)s"),
    "no_column": _("The scoring program gave no finite number for any column: %(value)s"),
    "scorer_error": _("The contest's scoring program ended with an error: %(value)s"),
    "scorer_time": _("The contest's scoring program took longer than it may."),
    "scorer_memory": _("The contest's scoring program used more memory than it may."),
    "scorer_output": _("The contest's scoring program wrote more than it may."),
    "scorer_disk": _("The contest's scoring program filled its folder."),
    "scorer_crashed": _("The contest's scoring program crashed (%(value)s)."),
    "scorer_no_answer": _("The contest's scoring program gave no answer that can be read."),
}
VERDICTS = {
    "scored": _("Scored"),
    "format": _("Not what the contest takes"),
    "time": _("Took too long"),
    "memory": _("Used too much memory"),
    "runtime": _("Ended with an error"),
    "scorer": _("The scoring program failed; the attempt does not count"),
    "platform": _("Could not be run here; the attempt does not count"),
}
PROBLEMS = {**STATES, **FILES, **YAML, **BUNDLES, **NOTICES, **SUBMISSIONS}
