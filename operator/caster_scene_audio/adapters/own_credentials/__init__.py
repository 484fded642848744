"""The operator's own credentials, by the default chain of `alibabacloud_credentials`.

In reading order: `sources` (what the chain asks, and what people call it), `environment` (what is
wrong with the variables before anyone is asked), `chain` (the library, loaded late and silenced),
`refusal` (a failure of the library in safe words), `question` (one fetch, in a thread of its own),
`pace` (how often), `credentials` (what is kept, for how long, and for whom).
"""
