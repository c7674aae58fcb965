"""The operations of teaching."""

from tests.web.api import CSV, Call, like

CALLS: dict[str, Call] = {
    f"programmes.{name}": like(f"programmes:{name}")
    for name in (
        "design",
        "calendar_edit",
        "special_day_add",
        "special_day_remove",
        "design_copy",
        "class_create",
        "classes_fill",
        "class_edit",
        "class_remove",
        "teaching_add",
        "teaching_end",
        "seat_change",
        "module_create",
        "module_edit",
        "module_remove",
    )
} | {"programmes.curriculum_file": like("programmes:curriculum_csv", more=CSV)}
