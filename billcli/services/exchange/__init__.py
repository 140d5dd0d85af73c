"""In and out: e-billing, the books, lists and bank files of other programs."""
