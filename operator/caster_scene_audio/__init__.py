"""A Kubernetes operator for the audio of ApsaraVideo Live production studios.

In reading order:

    domain        what an object says (spec, body, objects), what is to be done for it (decision),
                  what an answer means (failure, retry) and makes of its status (outcome)
    ports         what the reconciler asks of the world
    reconciler    who is called next, at what pace, and what is reported
    health        what the probes tell; `complaint` tells trouble at a pace, `tasks` how work ends
    adapters      the service (live), the API server (cluster), the default chain (own_credentials)
    watch         the informer: what the cluster holds, told to the controller
    leadership    leader election, and the fence that only a leader passes
    operation     the operator at work: all of it put together, run, and taken down in order
    composition   the process: probes, the way to the API server, alone or among replicas
    settings, flags, cli, logs, __main__

Imports go upwards in this list only; `lint-imports` holds that true. `docs/architecture.md` has a
picture of it, and the walks through it.
"""
