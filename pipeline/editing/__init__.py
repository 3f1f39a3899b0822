"""From the machine's draft and what people did to the corrected minutes."""
