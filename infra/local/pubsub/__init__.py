"""A small Pub/Sub emulator: gRPC and REST on one port, in memory, for machines without Google's own."""
