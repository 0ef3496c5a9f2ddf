"""What is asked of the operating system: processes and their end, temporary folders."""
