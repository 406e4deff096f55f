"""Every metric that the zone emits, and what it means. Nothing else may create an instrument: a typo is a type error.

Prometheus shows `_` for `.`, adds the unit, and `_total` to counters: `zone.outbox.age` is `zone_outbox_age_seconds`.
"""

from opentelemetry import metrics

meter = metrics.get_meter("zone")

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
"""Bounds of a duration's buckets, as OpenTelemetry advises for HTTP; the SDK's own begin at five seconds."""

HTTP_DURATION = meter.create_histogram(
    "http.server.request.duration",
    unit="s",
    description="answered requests, by method, route and status",
    explicit_bucket_boundaries_advisory=SECONDS,
)
DEPENDENCY_UP = meter.create_gauge(
    "zone.dependency.up", description="1 while mongodb, relay, consumer, clocks or jobs do what they are for, else 0"
)
LOST_RACES = meter.create_counter(
    "zone.store.lost_races",
    description="units of work run again because another commit came first, by collection, or `store`",
)
COMMIT_DURATION = meter.create_histogram(
    "zone.store.commit.duration",
    unit="s",
    description="one transaction, from its first command to its commit",
    explicit_bucket_boundaries_advisory=SECONDS,
)
COMMIT_RETRIES = meter.create_counter(
    "zone.store.commit.retries", description="commits asked for again, as it was not known whether they took effect"
)
COMMIT_UNITS = meter.create_histogram(
    "zone.store.commit.units",
    description="requests that one transaction committed (group commit), 1 where one was alone",
)
OUTBOX_DEPTH = meter.create_gauge(
    "zone.outbox.depth", description="committed events of which no relay has noted that Kafka acknowledged them"
)
OUTBOX_AGE = meter.create_gauge(
    "zone.outbox.age",
    unit="s",
    description="age of the oldest committed event of which no relay has noted that Kafka acknowledged it",
)
RELAY_LEADER = meter.create_gauge("zone.relay.leader", description="1 where this process publishes for its service")
RELAY_PUBLISHED = meter.create_counter(
    "zone.relay.published", description="events acknowledged by Kafka, each as often as it was sent"
)
RELAY_FAILURES = meter.create_counter(
    "zone.relay.failures", description="tries to publish that Kafka or MongoDB ended, by reason; each is begun anew"
)
RELAY_BATCH = meter.create_histogram("zone.relay.batch.size", description="events taken from the outbox at once")
CONSUMER_LAG = meter.create_gauge(
    "zone.consumer.lag", description="events behind the end of the log, by topic; stays as it was while nothing is read"
)
CONSUMER_BATCH = meter.create_histogram("zone.consumer.batch.size", description="events of one transaction")
CONSUMER_BATCH_DURATION = meter.create_histogram(
    "zone.consumer.batch.duration",
    unit="s",
    description="one poll, from its records to its commit",
    explicit_bucket_boundaries_advisory=SECONDS,
)
CONSUMER_EVENTS = meter.create_counter(
    "zone.consumer.events", description="events by outcome: applied, duplicate, ignored, parked"
)
CONSUMER_RETRIES = meter.create_counter("zone.consumer.retries", description="batches run again, by reason")
CONSUMER_BREAKER = meter.create_gauge("zone.consumer.breaker", description="1 while the circuit breaker is open")
PARKED = meter.create_gauge("zone.dead_letters", description="events parked and waiting for a person, by reason")
CLOCK_RUNS = meter.create_counter("zone.clock.runs", description="periodic tasks, by name and outcome")
JOB_STEPS = meter.create_counter(
    "zone.job.steps", description="steps of jobs, by kind and outcome: done, retried, refused, failed"
)
JOBS_ENDED = meter.create_counter("zone.jobs.ended", description="jobs brought to their end, by kind and status")
