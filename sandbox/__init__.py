"""A Slack-compatible workspace on this machine, for bots to be tried against."""
