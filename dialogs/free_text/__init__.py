"""What a text means that is neither a command nor an answer: small talk, or a question to the books."""
