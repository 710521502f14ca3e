"""Holds files to what the program looks up in them: texts, words, the list of the hand-over, the contract's laws."""
