"""Tasks and their triggers, what is agreed about them, and the workflows they come from."""
