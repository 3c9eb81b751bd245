"""Makes the pictures in docs/images, by clicking and typing as people do."""
