"""People who say a hold is wrong."""
