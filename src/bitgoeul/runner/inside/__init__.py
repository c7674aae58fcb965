"""What runs inside the walls: the warmed parent and the programs that it forks for.

It imports the standard library, and numpy and its kind where they are warmed; nothing of the
product above it is there.
"""
