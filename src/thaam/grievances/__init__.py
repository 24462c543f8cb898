"""People who say a hold is wrong: told at once what is held and why, heard on a clock, decided with reasons."""
