"""What the system runs on: Terraform, checks of it, releases, and the whole of it on one machine."""
