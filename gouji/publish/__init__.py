"""The build: write a new warehouse beside the published one, audit it, publish it by a rename."""
