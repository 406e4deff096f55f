"""What metrics tells everyone. So far nothing: it listens. Its dead letters have a topic like everyone's."""
