"""What serves the model: its image and configuration, the model itself, a local stand-in, and a smoke test."""
