"""Tests of the benchmark's arithmetic and of how answers are picked."""
