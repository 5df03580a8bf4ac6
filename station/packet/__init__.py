"""The sealed packet: manifest, archive, CMS envelope, routing index, and the checks on both sides."""
