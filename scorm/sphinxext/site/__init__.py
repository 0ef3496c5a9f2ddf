"""The pages as one site: contents, decks beside their lessons, coverage, and nothing stale."""
