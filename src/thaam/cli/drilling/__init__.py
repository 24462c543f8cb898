"""The parts of `thaam drill`: a whole system on temporary data, what is played on it, what is checked at the end."""
