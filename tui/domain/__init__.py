"""Values and pure functions: what the program is about, known to every room and knowing none."""
