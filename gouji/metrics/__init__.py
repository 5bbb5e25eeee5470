"""The metrics of `models/semantic/`: their names, and what the published warehouse says."""
