"""Who is called next, at what pace, and what is reported of it.

`controller` takes in what is seen and decides; `roster` remembers the objects, and `in_flight` the
work on them. An object waits for its time (`delays`), for its account (`accounts`), then in a `lane`
of that account (`lanes`): a workqueue (`queue`) with a rate limit (`rate_limiter`). In its turn
(`turns`) it finds its credentials (`keyring`), makes its `calls`, and `reconciler` says what follows.
`reporter` tells the cluster, and `snapshot` who looks from outside.
"""
