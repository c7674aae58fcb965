"""Reads over several tables of the room; one noun per module."""
