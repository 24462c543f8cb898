"""Reading what a bank wrote to its customer: SMS text, UPI QR codes and links become fields with the
characters they came from. Pure Python, no Django, no network; nothing read here is ever sent by itself."""
