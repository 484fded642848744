"""A Kubernetes operator for the audio of ApsaraVideo Live production studios."""
