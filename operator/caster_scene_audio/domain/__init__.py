"""Values and pure functions: no I/O, no framework.

`spec`, `body`, `objects` and `status` are the object; `decision` says what to do for it, by what
`plan` and `access` allow; `failure`, by the policies of `backoff`, says what an answer means, and
`retry` when to try again; `audio` is what a scene has, `comparison` where it differs; `outcome`
makes the next status of it, in the words of `reasons`, and `object_event` the Event.
"""
