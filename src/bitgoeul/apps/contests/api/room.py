"""The room under which the operations stand."""

from django.utils.translation import gettext_lazy as _

from bitgoeul.core.api.rooms import Room

room = Room("contests", title=_("Contests"))
