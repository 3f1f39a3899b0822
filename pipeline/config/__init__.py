"""Settings, meeting.toml, and where things lie."""
