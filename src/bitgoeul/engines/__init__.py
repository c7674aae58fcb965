"""Pure engines: problem in, result out.

They know no Django, no product database, no clock and no global random state; the
commands of :mod:`bitgoeul.cli` and the services of the rooms call them.
"""
