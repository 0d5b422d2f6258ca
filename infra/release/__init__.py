"""What the release build does that no ready-made tool does."""
