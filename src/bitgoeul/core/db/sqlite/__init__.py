"""SQLite for a system of record: a safe version, IMMEDIATE transactions, a fair write ticket."""
