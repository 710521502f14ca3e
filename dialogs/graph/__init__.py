"""The picture of a flow: what stands in it, and how it is drawn."""
