"""What one victim teaches protects the next: sightings from complaints, upstream victims, tricks, rings, arrests."""
