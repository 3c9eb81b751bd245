"""The Web API methods this workspace has, by the topics they are about."""
