"""What every room stands on: access, journal, jobs, imports, formats. It names no product noun."""
