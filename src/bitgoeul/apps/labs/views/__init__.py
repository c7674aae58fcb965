"""The room's pages: labs, submissions."""
