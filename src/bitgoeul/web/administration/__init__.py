"""Django's admin as this house lets it be."""
