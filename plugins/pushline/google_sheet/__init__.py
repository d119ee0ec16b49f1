"""Keeps a tab of Google Sheets and the sheet page in step, both ways; docs/google-sheet.md."""
