"""A Kubernetes operator for the audio of ApsaraVideo Live production studios.

In reading order:

    domain        what an object says (spec, body, objects), what is to be done for it (decision),
                  what an answer means (failure, retry) and makes of its status (conclusion)
    ports         what the reconciler asks of the world
    reconciler    who is called next, at what pace, and what is reported
    fence         what only a leader may do
    health        what the probes tell; `endings` says how work ends
    adapters      the service (live), the API server (cluster), the default chain (own_credentials)
    handlers      kopf, which only watches
    watch         what the cluster holds, told to the controller
    candidacy     one of several replicas, which leads or stands by
    operation     the operator at work: all of it put together, run, and taken down in order
    composition   the process: probes, the way to the API server, alone or among replicas
    settings, cli, logs, __main__

Imports go upwards in this list only; `lint-imports` holds that true.
"""
