"""The operator's own credentials, by the default chain of `alibabacloud_credentials`.

In reading order: `environment` (what the chain asks, and what is wrong with the variables before
anyone is asked), `refusal` (a failure of the library in safe words), `chain` (the library, loaded
late and silenced, asked in a thread), `pace` (how often), `credentials` (what is kept, for how long,
and for whom).
"""
