"""What comes back every quarter: contracts, reminders, reviews, leaving."""
