"""How much the line to the terminal carries, as the user says."""

from typing import Literal

Bandwidth = Literal["auto", "low", "full"] | int
"""What the terminal's answers tell, little, all at once, or bytes a second."""
LEAST_BANDWIDTH = 100
