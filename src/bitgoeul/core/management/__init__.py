"""Commands that Django finds."""
