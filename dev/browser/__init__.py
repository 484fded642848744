"""Chromium and its driver, as the tests of the desk use them."""
