// live parts
