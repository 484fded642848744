"""The operator at work on this machine: a control plane, a studio, and what a user would type.

In reading order: `script` has the steps, in the order in which they are shown; `stage` puts up
what they play on, out of `programs`; `studio` looks at the emulator and `declaration` at the
examples, both as `audio`; `terminal` prints; `failure` is how a step that does not hold ends it.
"""
