"""What asks the user something in a frame above the screen."""
