"""Charts of the bulletin: frames become Vega-Lite, and Vega-Lite becomes SVG when a page is made."""
