"""What all tests share."""

from hypothesis import HealthCheck, settings

# The same examples on every run and every machine, however busy it is: a test that fails, fails for everyone.
settings.register_profile(
    "project", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("project")
