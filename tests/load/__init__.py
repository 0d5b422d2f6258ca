"""Load on the local stack: uploads as fast as it takes them, and a soak of the function."""
