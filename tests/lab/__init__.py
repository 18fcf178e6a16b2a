"""Real deployments on loopback for the system tests and the demo."""
