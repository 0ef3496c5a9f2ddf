"""Questions: how an author writes one, and how pages, slides and plain text show it."""
