"""The names of the three database roles. No process ever runs as more than one of them."""

OWNER = "thaam_owner"
APP = "thaam_app"
LOOPS = "thaam_loops"
RUNNING = (APP, LOOPS)
