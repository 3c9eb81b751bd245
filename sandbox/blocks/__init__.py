"""What Slack accepts as Block Kit, and in which words it refuses the rest."""
