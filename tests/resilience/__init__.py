"""What this withstands, with figures: `make resilience`."""
