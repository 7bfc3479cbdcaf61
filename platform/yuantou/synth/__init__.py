"""A synthetic province: invented disputes and counts on the real land, all marked as demo."""
