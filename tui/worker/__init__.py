"""The async API worker: everything that runs while the user does something else."""
