"""The ground: engines by role, transactions, the loader of SQL files, migrations, the embedded server."""
