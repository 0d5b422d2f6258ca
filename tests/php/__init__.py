"""Tests of the PHP package, of the compose file, and of the way over from beanstalkd."""
