"""Analysis of tables before they are published."""
