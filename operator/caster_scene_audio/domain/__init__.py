"""Values and pure functions: no I/O, no framework.

`spec`, `body`, `objects` and `status` are the object, `bounds` what fits of what others write;
`decision` says what to do for it, by what `plan` and `access` allow; `codes` says of which class of
`failure`, with the policies of `backoff`, an answer is, `explanation` what that means to a person, and
`retry` when to try again; `audio` is what a scene has, `comparison` where it differs; `outcome` makes
the next status of it, in the words of `reasons`, `object_event` the Event, and `change_record` the
record of a write.
"""
