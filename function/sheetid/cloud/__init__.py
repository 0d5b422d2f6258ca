"""The only modules that speak to a network: Cloud Storage, TensorFlow Serving and Pub/Sub."""
