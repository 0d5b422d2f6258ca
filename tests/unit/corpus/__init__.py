"""Tests of the renderer and of the fixtures' table."""
