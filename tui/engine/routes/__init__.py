"""The routes of the engine, a file for each thing they are about."""
