"""Filter of one's news, and the choice of mail."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import topics
from .enums import When


class NoticeFilter(forms.Form):
    """Which topic to show."""

    topic = forms.ChoiceField(label=_("Topic"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = pgettext_lazy("topic", "All")
        known = [(topic.key, topic.title) for topic in topics.all_topics()]
        self.fields["topic"] = forms.ChoiceField(
            label=_("Topic"), required=False, choices=[("", every), *known]
        )


class MailForm(forms.Form):
    """When mail comes, topic by topic."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic in topics.all_topics():
            self.fields[topic.key] = forms.ChoiceField(
                label=str(topic.title), help_text=str(topic.about), choices=When.choices
            )
