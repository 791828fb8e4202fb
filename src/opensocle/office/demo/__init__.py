"""A demonstration office: Exemplia's invented people in a registry, users of every role, and cases in every state."""
