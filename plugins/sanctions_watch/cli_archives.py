"""The commands on archives: read one in, add one article by hand, search what is there."""
