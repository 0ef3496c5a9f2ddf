"""The pages as one site: contents, decks beside their lessons, scripts, and nothing stale."""
