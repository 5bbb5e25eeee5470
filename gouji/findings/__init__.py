"""What the checks found, with the form's own words and the printed text, for people to read."""
