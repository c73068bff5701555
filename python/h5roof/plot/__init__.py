"""Pictures of h5roof results. One module per kind draws, kinds.py lists the kinds."""
