"""How people prove who they are: second factor, sessions, and the library's adapters."""
