"""What people plan: rows of the campaign sheet, their versions, approvals and occasions."""
