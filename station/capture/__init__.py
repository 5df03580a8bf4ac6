"""The enrolment itself, without a screen: slots, attempts, exemptions, the flow and its guards."""
