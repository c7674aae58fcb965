"""Uploaded files as they are read."""

from django.core.files.uploadedfile import UploadedFile

from bitgoeul.apps.labs.services import Content
from bitgoeul.core.uploads import Door


def content_of(upload: UploadedFile, door: Door) -> Content:
    """Read an uploaded file: of one that is too long, only as much as shows that it is."""
    return Content(name=upload.name or "file", data=upload.read(door.most_bytes + 1))


CSV = {"accept": ".csv,text/csv"}
