"""Readers side by side on the same sheets: ours and what a user would pick instead."""
