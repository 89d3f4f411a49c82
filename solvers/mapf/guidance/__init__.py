"""Where robots should go, so that they do not meet: advice that PIBT follows."""
