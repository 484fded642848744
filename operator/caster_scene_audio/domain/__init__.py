"""Values and pure functions: no I/O, no framework.

`spec`, `body`, `objects` and `status` are the object; `decision` says what to do for it, by what
`plan` and `access` allow; `failure` and `retry` say what an answer means and when to try again,
`comparison` where a scene differs; `conclusion` makes the next status of it, in the words of
`wording` and `reason`, and `event` the Event.
"""
