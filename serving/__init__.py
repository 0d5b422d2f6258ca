"""What serves the model: the image and its configuration, the model, a local stand-in, a smoke test."""
