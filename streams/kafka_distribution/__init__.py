"""Apache Kafka for one machine without a Docker engine: its pinned artifacts, and the Java that runs them."""
