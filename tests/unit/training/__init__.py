"""Training without TensorFlow: data, splits, synthesis, measures, release."""
