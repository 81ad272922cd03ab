"""What is posted unasked."""
