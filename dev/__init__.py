"""What a developer runs: a control plane without a cluster, Helm, and the demo."""
