"""Pictures of h5roof results. load.py reads and summarises, one module per kind draws, kinds.py lists the kinds."""
