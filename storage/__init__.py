"""What is kept: owners, their answers and results, what came in and what is still to be said."""
