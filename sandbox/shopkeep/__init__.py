"""What a shop keeps beside itself: its repository, its log files, its health endpoints."""
