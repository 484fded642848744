"""What a developer runs: a control plane without a cluster, and the demo on top of it."""
