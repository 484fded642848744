"""A Kubernetes operator for the audio of ApsaraVideo Live production studios.

In reading order:

    domain        what an object says (spec, body, objects), what is to be done for it (decision),
                  what an answer means (failure, retry) and makes of its status (conclusion)
    ports         what the reconciler asks of the world
    reconciler    who is called next, at what pace, and what is reported
    adapters      the service (live), the API server (cluster), the default chain (own_credentials)
    handlers      kopf, which only watches
    watch         what the cluster holds, told to the controller
    composition   all of it put together, run, and taken down in order
    settings, cli, logs, __main__

Imports go upwards in this list only; `lint-imports` holds that true.
"""
