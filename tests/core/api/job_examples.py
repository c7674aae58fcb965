"""An example of each task, for `tests/core/jobs/test_examples.py`."""

EXAMPLES = {"bitgoeul.core.api.tasks.tidy_answers": dict}
