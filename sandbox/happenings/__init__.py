"""What happens in the workspace, whoever does it: the state, Slack's own messages, the events.

A rule that is the same for the app and for people is refused here, in Slack's words.
"""
