"""An evaluation as documents: one HTML page, a page in Word for the file, tables for a spreadsheet, and JSON."""
