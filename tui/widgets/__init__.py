"""What is drawn; given values, never services."""
