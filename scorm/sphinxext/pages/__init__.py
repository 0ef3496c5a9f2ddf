"""What a page of the course says of itself, and what becomes of its Markdown or notebook."""
