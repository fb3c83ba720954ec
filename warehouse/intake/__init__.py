"""From a file in the inbox to rows ready to land: identity, headings, records, replies."""
