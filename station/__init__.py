"""The domain of the enrolment station and its services: no Qt, no device library."""
