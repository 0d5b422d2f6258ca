"""The whole system on one machine: emulators, a model server, and the function as it is deployed."""
