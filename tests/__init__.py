"""Tests of the project, and the tools they share."""
