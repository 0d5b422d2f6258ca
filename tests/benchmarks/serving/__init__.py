"""What a cold start, a sheet and a batch cost, beside what they would cost without the effort."""
