"""What is checked of the deployment without a cloud: `make check-infra`."""
