"""ApsaraVideo Live over HTTP.

In reading order: `parameters` (what we ask), `signature` (that it is us), `endpoint` (whom we
ask), `answers` and `outages` (what came back, or didn't), `redact` (how that is told), `client`
(the one module that does I/O).
"""
