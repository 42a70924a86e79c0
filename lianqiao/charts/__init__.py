"""The drawings: what they show, their geometry, and as SVG. One declaration for web, Word and PDF; knows no database."""
