"""Tests of the careers room."""
