"""The registry of accounts, numbers, handles, links and devices seen in fraud: what one victim teaches protects the
next. Levels with reasons, never a black mark; a mark only after an officer or a bank agreed; look-ups are audited."""
