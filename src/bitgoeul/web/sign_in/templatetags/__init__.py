"""What the sign-in pages say by filter."""
