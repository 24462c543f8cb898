"""A telecom operator's or host's desk: requests to verify, block, take down and unblock, answered one by one."""
