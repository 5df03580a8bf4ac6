"""How a sealed packet reaches the centre exactly once, and how the centre's word comes back."""
