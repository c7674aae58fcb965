"""Every step of an import: upload, stage, confirm, undo, discard.

The page, the command and the demo go through these same steps, so they show the same errors and
write the same rows.
"""

from .ending import cancel_import, undo_import
from .reading import (
    Examined,
    examine_file,
    keep_staging,
    request_staging,
    stage_import,
    upload_file,
)
from .settling import settle_imports
from .steps import receipt_of, record_step, target_of
from .whole import import_file
from .writing import RowsRefused, confirm_import, request_confirmation, return_to_preview

__all__ = [
    "Examined",
    "RowsRefused",
    "cancel_import",
    "confirm_import",
    "examine_file",
    "import_file",
    "keep_staging",
    "receipt_of",
    "record_step",
    "request_confirmation",
    "request_staging",
    "return_to_preview",
    "settle_imports",
    "stage_import",
    "target_of",
    "undo_import",
    "upload_file",
]
