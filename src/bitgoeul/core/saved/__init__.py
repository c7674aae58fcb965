"""Saved views: a list with the filter somebody uses again and again, under a name of their own.

A view is an address of this site: its path is the list, its query the filter. It is shared by
sharing the address; what the other person may see there is decided where the list is.
Nouns: SavedView.
"""
