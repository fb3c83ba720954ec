"""What was received and decided: raw tables, hash chain, decisions, what is in force, waivers, rehearsal."""
