"""Figures in public: numbers fixed at a transaction, their proofs, the check before publication, and open data."""
