"""The rooms of the house: one folder per clear purpose."""
