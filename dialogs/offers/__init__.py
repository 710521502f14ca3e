"""The offers of an owner: listed, judged by today's rules, put side by side."""
