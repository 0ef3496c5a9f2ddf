"""Figures that move: the directive, the drawings, and a pen to draw them with."""
