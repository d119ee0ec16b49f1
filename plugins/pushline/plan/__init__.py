"""Who of a run's audience gets it: composes audience, policy, experiment and message.

Read in this order: `due` (which runs there are to plan), `wave` (planned together by priority),
`passes` (a run's moments and counters), `bucket` (decide and write one bucket in one transaction),
`estimate` (the same deciding, nothing written).
"""
