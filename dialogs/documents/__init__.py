"""What an owner can print and take along: one HTML file each, with everything in it."""
