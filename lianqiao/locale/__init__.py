"""The words of the pages in other languages; the sources are Chinese."""
