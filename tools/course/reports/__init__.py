"""What teachers and students read of the results."""
