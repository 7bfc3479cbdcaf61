"""Personal data erased by two persons; how long each class of files is kept."""
