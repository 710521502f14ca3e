"""What compiles one flow, part by part; `dialogs.compile` is the way in."""
