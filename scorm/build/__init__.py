"""The build: the command line, its steps, and the processes that it starts."""
