"""What the system costs and how much it bears, computed from what was measured."""
