"""From raw data to a model that is ready to serve; needs the environment of training/requirements.txt."""
