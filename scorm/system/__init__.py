"""What a build asks of the operating system: processes and their end, temporary folders."""
