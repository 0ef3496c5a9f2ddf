"""Figures that move: the directive, its drawings, and a pen with which scripts draw them."""
