# Test programs and targets; included by the one Makefile.
