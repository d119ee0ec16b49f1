"""What people open inside Airflow: who may do what, and the pages."""
