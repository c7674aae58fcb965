"""The room's pages: vacancies, profiles, rounds, choices, offers, placements, checks."""
