"""`desk`: the objects of a cluster as the channel strips of a mixer, in a browser."""
