"""Scripted conversations, called talks: written, played, recorded; the talks themselves are `dialogs/talks/*.yaml`."""
