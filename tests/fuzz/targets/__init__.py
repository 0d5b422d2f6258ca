"""What is fuzzed: a module for each target, imported with instrumentation by `tests.fuzz.target` alone.

`run` takes bytes and raises only if something is wrong with the reader; `seeds` are the inputs to start with.
"""
