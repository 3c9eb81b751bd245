// The page of the workspace: who is looking, at what, and what changed since.
