"""What Sphinx hands to the packager: one part of each run, and nothing else."""
