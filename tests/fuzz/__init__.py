"""Coverage-guided fuzzing of what takes input from outside: `make fuzz`."""
