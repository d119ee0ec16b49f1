"""The ground: engines by role, transactions, SQL files, migrations, the embedded server."""
