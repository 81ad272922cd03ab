"""No deadline for property tests: a slow machine is no failure of the code."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
